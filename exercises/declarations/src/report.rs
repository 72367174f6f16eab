//! What was found, for people and for programs.

use std::fmt::{self, Display, Formatter, Write as _};

use serde::Serialize;

use crate::source::Place;

/// Everything that one comparison found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The header's name.
    pub header: String,
    /// The files that were read.
    pub files: Vec<String>,
    /// How many declared functions the header has too.
    pub functions: usize,
    /// How many declared structs were compared with one of the header.
    pub structs: usize,
    /// In the order of the files, lines and columns.
    pub findings: Vec<Finding>,
}

/// One thing that was found.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Whether it must be corrected.
    pub severity: Severity,
    /// What is wrong, as one word for programs.
    pub kind: Kind,
    /// What it is about: `evolve, parameter 3`.
    pub subject: String,
    /// Where the learner wrote it.
    #[serde(flatten)]
    pub place: Place,
    /// The learner's declaration.
    pub yours: String,
    /// The header's declaration.
    pub header: Option<String>,
    /// Where the header has it.
    pub header_place: Option<Place>,
    /// What it means, and what would happen.
    pub explanation: String,
}

/// Whether a finding is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The declaration differs from the header.
    Difference,
    /// Good to know; or something that could not be seen.
    Note,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A parameter has another type.
    WrongType,
    /// The parameters are in another order.
    WrongOrder,
    /// There are more or fewer parameters.
    WrongNumber,
    /// The result has another type.
    WrongResult,
    /// ctypes is not told the type of the result.
    MissingRestype,
    /// ctypes is not told the types of the parameters.
    MissingArgtypes,
    /// A field of a struct has another type, or is one too many.
    WrongField,
    /// A struct lacks a field.
    MissingField,
    /// The fields are in another order.
    WrongFieldOrder,
    /// The fields sit at other places: packed, or in another byte order.
    WrongLayout,
    /// Rust may put the fields where it likes.
    MissingReprC,
    /// The header has no such function.
    UnknownFunction,
    /// Nothing declares this type.
    UnknownType,
    /// It cannot be read.
    Broken,
    /// `const` was left out or added.
    Const,
    /// `void *`, which lets any pointer through.
    AnyPointer,
    /// Another name for a thing that is otherwise the same.
    Name,
    /// Not compared, and why.
    NotSeen,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::WrongType => "wrong type",
            Self::WrongOrder => "wrong order",
            Self::WrongNumber => "wrong number of parameters",
            Self::WrongResult => "wrong result",
            Self::MissingRestype => "restype is missing",
            Self::MissingArgtypes => "argtypes are missing",
            Self::WrongField => "wrong field",
            Self::MissingField => "a field is missing",
            Self::WrongFieldOrder => "wrong order of fields",
            Self::WrongLayout => "wrong layout",
            Self::MissingReprC => "#[repr(C)] is missing",
            Self::UnknownFunction => "no such function",
            Self::UnknownType => "no such type",
            Self::Broken => "cannot be read",
            Self::Const => "const",
            Self::AnyPointer => "any pointer",
            Self::Name => "another name",
            Self::NotSeen => "not checked",
        }
    }
}

impl Report {
    /// Whether the declarations agree with the header. Notes do not count.
    pub fn is_clean(&self) -> bool {
        self.differences() == 0
    }

    fn differences(&self) -> usize {
        let severe = |finding: &&Finding| finding.severity == Severity::Difference;
        self.findings.iter().filter(severe).count()
    }
}

/// As wide as a terminal is at least.
const WIDTH: usize = 80;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        let differences = self.differences();
        let compared = format!(
            "{} and {} compared with {}",
            count(self.functions, "function"),
            count(self.structs, "struct"),
            self.header
        );
        match differences {
            0 => write!(f, "{compared}: no difference")?,
            _ => write!(f, "{compared}: {}", count(differences, "difference"))?,
        }
        match self.findings.len() - differences {
            0 => writeln!(f, "."),
            notes => writeln!(f, ", {}.", count(notes, "note")),
        }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let note = match self.severity {
            Severity::Difference => "",
            Severity::Note => "note: ",
        };
        let (place, subject, title) = (&self.place, &self.subject, self.kind.title());
        writeln!(f, "{place}: {note}{subject}: {title}")?;
        let mut body = String::new();
        paragraph(&mut body, "    yours:  ", &self.yours);
        if let Some(header) = &self.header {
            let place = match &self.header_place {
                Some(place) => format!("  ({}:{})", place.file, place.line),
                None => String::new(),
            };
            paragraph(&mut body, "    header: ", &format!("{header}{place}"));
        }
        paragraph(&mut body, "    ", &self.explanation);
        f.write_str(&body)
    }
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// Appends a text in lines that fit, each below the first.
fn paragraph(to: &mut String, label: &str, text: &str) {
    let below = " ".repeat(label.len());
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(label)
        .subsequent_indent(&below)
        .break_words(false);
    for line in textwrap::wrap(text, options) {
        let _ = writeln!(to, "{line}");
    }
}
