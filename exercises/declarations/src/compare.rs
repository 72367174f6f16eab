//! Compares what a learner declared with what the header declares.

use std::collections::BTreeMap;

use crate::explain::{Role, explain, words};
use crate::model::{
    Caller, Declarations, Function, Layout, Order, Parameter, Parameters, Signature, Struct, Type,
};
use crate::report::{Finding, Kind, Report, Severity};
use crate::source::{Place, Source};

pub(crate) fn compare(
    file: &Source,
    theirs: &Declarations,
    yours: &Declarations,
    report: &mut Report,
) {
    let mut comparer = Comparer {
        yours,
        theirs,
        partners: BTreeMap::new(),
        findings: Vec::new(),
    };
    for unseen in &yours.unseen {
        comparer.findings.push(Finding {
            severity: if unseen.broken {
                Severity::Difference
            } else {
                Severity::Note
            },
            kind: if unseen.broken {
                Kind::Broken
            } else {
                Kind::NotSeen
            },
            subject: "this text".to_owned(),
            place: unseen.place.clone(),
            yours: unseen.text.clone(),
            header: None,
            header_place: None,
            explanation: unseen.why.clone(),
        });
    }
    for function in &yours.functions {
        report.functions += usize::from(comparer.function(function));
    }
    for struct_ in yours.structs.values() {
        report.structs += usize::from(comparer.struct_(struct_));
    }
    if yours.functions.is_empty() && yours.structs.is_empty() && yours.unseen.is_empty() {
        comparer.findings.push(Finding {
            severity: Severity::Note,
            kind: Kind::NotSeen,
            subject: "this file".to_owned(),
            place: file.place(0),
            yours: "no declaration".to_owned(),
            header: None,
            header_place: None,
            explanation: "Nothing here is given to cdef, told to ctypes, or in an extern \"C\" \
                          block, so there is nothing to compare."
                .to_owned(),
        });
    }
    let place = |finding: &Finding| finding.place.clone();
    comparer.findings.sort_by_key(place);
    report.findings.extend(comparer.findings);
}

struct Comparer<'d> {
    yours: &'d Declarations,
    theirs: &'d Declarations,
    /// Structs that stand at the same place of a function, by the learner's name.
    partners: BTreeMap<String, String>,
    findings: Vec<Finding>,
}

/// How two types compare.
enum Verdict {
    Same,
    Note(Kind, String),
    Wrong(Kind, String),
}

/// The two declarations a finding is about, as they are shown.
struct Pair<'a> {
    yours: &'a str,
    header: &'a str,
    header_place: &'a Place,
}

impl Comparer<'_> {
    fn report(
        &mut self,
        (severity, kind): (Severity, Kind),
        subject: String,
        place: &Place,
        pair: &Pair<'_>,
        explanation: String,
    ) {
        self.findings.push(Finding {
            severity,
            kind,
            subject,
            place: place.clone(),
            yours: pair.yours.to_owned(),
            header: Some(pair.header.to_owned()),
            header_place: Some(pair.header_place.clone()),
            explanation,
        });
    }

    fn difference(
        &mut self,
        kind: Kind,
        subject: String,
        place: &Place,
        pair: &Pair<'_>,
        explanation: String,
    ) {
        self.report(
            (Severity::Difference, kind),
            subject,
            place,
            pair,
            explanation,
        );
    }

    /// Whether the header has it too.
    fn function(&mut self, function: &Function) -> bool {
        let Some(header) = self.theirs.function(&function.name) else {
            self.unknown(function);
            return false;
        };
        let pair = Pair {
            yours: &function.text,
            header: &header.text,
            header_place: &header.place,
        };
        let Parameters::Listed(wanted) = &header.parameters else {
            return true;
        };
        match &function.parameters {
            Parameters::Listed(given) => {
                self.parameters(function, header, given, wanted, &pair);
            }
            Parameters::NotTold if !wanted.is_empty() => {
                let subject = function.name.clone();
                let explanation = missing_argtypes(wanted);
                let kind = Kind::MissingArgtypes;
                self.difference(kind, subject, &function.place, &pair, explanation);
            }
            Parameters::NotTold | Parameters::Unseen => {}
        }
        if let Some(wanted) = &header.result {
            self.result(function, wanted, &pair);
        }
        true
    }

    fn unknown(&mut self, function: &Function) {
        let name = &function.name;
        let near = nearest(name, self.theirs.functions.iter().map(|f| f.name.as_str()));
        let told = !matches!(function.parameters, Parameters::NotTold) || function.result.is_some();
        // What nothing is told about may come from another library.
        let severity = if told || near.is_some() {
            Severity::Difference
        } else {
            Severity::Note
        };
        let header = near.and_then(|near| self.theirs.function(near));
        let explanation = match near {
            Some(near) => format!(
                "The header has no function `{name}`. Its nearest name is `{near}`: is that \
                 the one you mean?"
            ),
            None => format!("The header has no function `{name}`, and no name that is near it."),
        };
        self.findings.push(Finding {
            severity,
            kind: Kind::UnknownFunction,
            subject: name.clone(),
            place: function.place.clone(),
            yours: function.text.clone(),
            header: header.map(|header| header.text.clone()),
            header_place: header.map(|header| header.place.clone()),
            explanation,
        });
    }

    fn parameters(
        &mut self,
        function: &Function,
        header: &Function,
        given: &[Parameter],
        wanted: &[Parameter],
        pair: &Pair<'_>,
    ) {
        let name = &function.name;
        if given.len() != wanted.len() {
            let explanation = self.wrong_number(given, wanted, function.caller);
            let kind = Kind::WrongNumber;
            self.difference(kind, name.clone(), &function.place, pair, explanation);
            return;
        }
        if function.variadic && !header.variadic {
            let explanation = "Your declaration ends in `...` and the header's does not: nothing \
                               checks what you pass after the named arguments.";
            let kind = Kind::WrongNumber;
            self.difference(
                kind,
                name.clone(),
                &function.place,
                pair,
                explanation.to_owned(),
            );
        }
        let verdicts: Vec<Verdict> = given
            .iter()
            .zip(wanted)
            .map(|(mine, other)| {
                self.relate(&mine.type_, &other.type_, Role::Parameter, function.caller)
            })
            .collect();
        let wrong: Vec<usize> = verdicts
            .iter()
            .enumerate()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Wrong(..)))
            .map(|(index, _)| index)
            .collect();
        let misnamed = misnamed(given, wanted);
        let permuted = wrong.len() > 1 && self.is_permutation(given, wanted, &wrong);
        if !misnamed.is_empty() || permuted {
            let moved = if misnamed.is_empty() {
                &wrong
            } else {
                &misnamed
            };
            let differ = moved.iter().any(|index| wrong.contains(index));
            let explanation = order(given, wanted, moved, differ);
            let kind = Kind::WrongOrder;
            let place = &given[moved[0]].place;
            self.difference(kind, name.clone(), place, pair, explanation);
        }
        for (index, verdict) in verdicts.into_iter().enumerate() {
            let told = permuted || misnamed.contains(&index);
            let subject = || format!("{name}, parameter {}", index + 1);
            let (mine, other) = (&given[index], &wanted[index]);
            match verdict {
                Verdict::Wrong(kind, why) if !told => {
                    let explanation = format!(
                        "The header has `{}` here, and you have `{}`. {why}",
                        other.text, mine.text
                    );
                    self.difference(kind, subject(), &mine.place, pair, explanation);
                }
                Verdict::Note(kind, why) => {
                    let note = (Severity::Note, kind);
                    self.report(note, subject(), &mine.place, pair, why);
                }
                _ => {}
            }
        }
    }

    fn wrong_number(
        &mut self,
        given: &[Parameter],
        wanted: &[Parameter],
        caller: Caller,
    ) -> String {
        let (missing, extra) = self.unmatched(given, wanted);
        let list = |side: &[Parameter], which: &[usize]| {
            let texts: Vec<String> = which
                .iter()
                .map(|&index| format!("`{}`", side[index].text))
                .collect();
            texts.join(", ")
        };
        let mut text = format!(
            "The header has {}, and you have {}.",
            parameters_of(wanted.len()),
            given.len()
        );
        if !missing.is_empty() {
            text += &format!(" Yours lacks {}.", list(wanted, &missing));
        }
        if !extra.is_empty() {
            text += &format!(" The header has no {}.", list(given, &extra));
        }
        text += match (caller, given.len() < wanted.len()) {
            (Caller::Compiler, _) => {
                " In API mode the C compiler sees the header, and refuses the call."
            }
            (_, true) => {
                " The library reads the missing ones all the same, from registers or memory \
                 that you did not fill."
            }
            (_, false) => {
                " The library does not look at the ones that are too many; what stands after \
                 one that does not belong arrives at the wrong place."
            }
        };
        text
    }

    /// Which parameters of the header, and which of the learner's, have no
    /// counterpart: the longest common subsequence decides, by name and type.
    fn unmatched(&mut self, given: &[Parameter], wanted: &[Parameter]) -> (Vec<usize>, Vec<usize>) {
        let (rows, columns) = (given.len(), wanted.len());
        let mut fits = vec![vec![0_u32; columns]; rows];
        for (row, mine) in given.iter().enumerate() {
            for (column, other) in wanted.iter().enumerate() {
                let same_name = mine.name.is_some() && mine.name == other.name;
                let same_type = self.same(&mine.type_, &other.type_);
                fits[row][column] = 3 * u32::from(same_name) + u32::from(same_type);
            }
        }
        let mut best = vec![vec![0_u32; columns + 1]; rows + 1];
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                let both = match fits[row][column] {
                    0 => 0,
                    fit => fit + best[row + 1][column + 1],
                };
                best[row][column] = both.max(best[row + 1][column]).max(best[row][column + 1]);
            }
        }
        let (mut row, mut column) = (0, 0);
        let (mut missing, mut extra) = (Vec::new(), Vec::new());
        while row < rows && column < columns {
            let fit = fits[row][column];
            if fit > 0 && best[row][column] == fit + best[row + 1][column + 1] {
                row += 1;
                column += 1;
            } else if best[row][column] == best[row][column + 1] {
                missing.push(column);
                column += 1;
            } else {
                extra.push(row);
                row += 1;
            }
        }
        missing.extend(column..columns);
        extra.extend(row..rows);
        (missing, extra)
    }

    /// Whether the wrong ones have the types of the header's in another order.
    fn is_permutation(&mut self, given: &[Parameter], wanted: &[Parameter], at: &[usize]) -> bool {
        let mut left: Vec<usize> = at.to_vec();
        for &index in at {
            let fits = left
                .iter()
                .position(|&other| self.same(&given[index].type_, &wanted[other].type_));
            match fits {
                Some(found) => left.swap_remove(found),
                None => return false,
            };
        }
        true
    }

    fn same(&mut self, yours: &Type, theirs: &Type) -> bool {
        let known = self.partners.clone();
        let verdict = self.relate(yours, theirs, Role::Parameter, Caller::Blind);
        self.partners = known;
        !matches!(verdict, Verdict::Wrong(..))
    }

    fn result(&mut self, function: &Function, wanted: &Parameter, pair: &Pair<'_>) {
        let name = &function.name;
        let Some(mine) = &function.result else {
            // ctypes takes it for an int, which is right for an int, and does no
            // harm where there is none.
            if wanted.type_ == Type::Void {
                return;
            }
            if let Verdict::Wrong(_, why) =
                self.relate(&Type::INT, &wanted.type_, Role::Result, function.caller)
            {
                let explanation = format!(
                    "ctypes is not told what `{name}` returns, so it takes it for an int of 4 \
                     bytes, and the header has `{}`. {why}",
                    wanted.text
                );
                let kind = Kind::MissingRestype;
                self.difference(kind, name.clone(), &function.place, pair, explanation);
            }
            return;
        };
        let subject = format!("{name}, result");
        match self.relate(&mine.type_, &wanted.type_, Role::Result, function.caller) {
            Verdict::Same => {}
            Verdict::Note(kind, why) => {
                self.report((Severity::Note, kind), subject, &mine.place, pair, why);
            }
            Verdict::Wrong(kind, why) => {
                let kind = if kind == Kind::WrongType {
                    Kind::WrongResult
                } else {
                    kind
                };
                let explanation = format!(
                    "The header has `{}`, and you have `{}`. {why}",
                    wanted.text, mine.text
                );
                self.difference(kind, subject, &mine.place, pair, explanation);
            }
        }
    }

    fn relate(&mut self, yours: &Type, theirs: &Type, role: Role, caller: Caller) -> Verdict {
        match (yours, theirs) {
            (Type::Undeclared(name), _) => {
                let near = nearest(name, KNOWN_TYPES.iter().copied().chain(self.struct_names()));
                let hint = near.map_or_else(String::new, |near| format!(" Is it `{near}`?"));
                Verdict::Wrong(
                    Kind::UnknownType,
                    format!("Nothing declares the type `{name}`.{hint}"),
                )
            }
            (Type::Unknown(why), _) => {
                Verdict::Note(Kind::NotSeen, format!("This is not compared: {why}."))
            }
            (_, Type::Unknown(_) | Type::Undeclared(_)) => Verdict::Note(
                Kind::NotSeen,
                "This is not compared: the header uses a type that it does not declare itself."
                    .to_owned(),
            ),
            (Type::Pointer { .. }, Type::Pointer { .. }) => self.pointers(yours, theirs, caller),
            (Type::Struct(mine), Type::Struct(other)) => self.structs(mine, other),
            (Type::Function(mine), Type::Function(other)) => self.callbacks(mine, other, caller),
            (Type::Pointer { to, .. }, Type::Function(_)) if **to == Type::Void => {
                any_pointer(theirs)
            }
            (
                Type::Array { of, length },
                Type::Array {
                    of: other,
                    length: wanted,
                },
            ) => {
                if length != wanted && length.is_some() && wanted.is_some() {
                    return Verdict::Wrong(Kind::WrongType, explain(yours, theirs, role, caller));
                }
                self.relate(of, other, Role::Field, caller)
            }
            (Type::Bool, Type::Int { bytes: 1, .. }) | (Type::Int { bytes: 1, .. }, Type::Bool) => {
                Verdict::Note(
                    Kind::Name,
                    "A bool is 1 byte too, but may hold nothing except 0 and 1.".to_owned(),
                )
            }
            (mine, other) if mine == other => Verdict::Same,
            _ => Verdict::Wrong(Kind::WrongType, explain(yours, theirs, role, caller)),
        }
    }

    fn pointers(&mut self, yours: &Type, theirs: &Type, caller: Caller) -> Verdict {
        let (
            Type::Pointer { to: mine, constant },
            Type::Pointer {
                to: other,
                constant: wanted,
            },
        ) = (yours, theirs)
        else {
            return Verdict::Same;
        };
        match (&**mine, &**other) {
            (_, Type::Void) => return Verdict::Same,
            // A handle: nobody but the library knows what is there.
            (Type::Void, Type::Struct(name)) if self.is_opaque(name) => return Verdict::Same,
            (Type::Void, _) => return any_pointer(theirs),
            _ => {}
        }
        match self.relate(mine, other, Role::Pointee, caller) {
            Verdict::Same => {}
            other => return other,
        }
        match (constant, wanted) {
            (Some(true), Some(false)) => Verdict::Note(
                Kind::Const,
                "You say `const`, and the header does not: the library may write here.".to_owned(),
            ),
            (Some(false), Some(true)) => Verdict::Note(
                Kind::Const,
                "The header says `const`, and you do not: the library promises not to write \
                 here. The call is the same; the promise is lost."
                    .to_owned(),
            ),
            _ => Verdict::Same,
        }
    }

    fn structs(&mut self, mine: &str, other: &str) -> Verdict {
        let clash = mine != other
            && (self.theirs.structs.contains_key(mine)
                || self.partners.get(mine).is_some_and(|known| known != other));
        if clash {
            return Verdict::Wrong(
                Kind::WrongType,
                format!(
                    "These are two different structs: the library takes the bytes of a {mine} \
                     for those of a {other}."
                ),
            );
        }
        self.partners.insert(mine.to_owned(), other.to_owned());
        Verdict::Same
    }

    fn callbacks(&mut self, mine: &Signature, other: &Signature, caller: Caller) -> Verdict {
        if mine.parameters.len() != other.parameters.len() {
            return Verdict::Wrong(
                Kind::WrongType,
                format!(
                    "The library calls your function with {}, and yours takes {}.",
                    arguments_of(other.parameters.len()),
                    mine.parameters.len()
                ),
            );
        }
        // Here the library calls, so the two sides change places.
        for (index, (a, b)) in mine.parameters.iter().zip(&other.parameters).enumerate() {
            if let Verdict::Wrong(kind, _) =
                self.relate(&a.type_, &b.type_, Role::Parameter, caller)
            {
                return Verdict::Wrong(
                    kind,
                    format!(
                        "As argument {} the library gives your function {}, and it expects {}.",
                        index + 1,
                        words(&b.type_),
                        words(&a.type_)
                    ),
                );
            }
        }
        match self.relate(&mine.result, &other.result, Role::Result, caller) {
            Verdict::Wrong(kind, _) => Verdict::Wrong(
                kind,
                format!(
                    "The library reads {} as the result of your function, and it gives {}.",
                    words(&other.result),
                    words(&mine.result)
                ),
            ),
            _ => Verdict::Same,
        }
    }

    fn is_opaque(&self, name: &str) -> bool {
        let known = self.theirs.struct_(name);
        known.is_none_or(|known| known.fields.is_none())
    }

    fn struct_names(&self) -> impl Iterator<Item = &str> {
        self.theirs.structs.keys().map(String::as_str)
    }

    /// The struct of the header that this one stands for.
    fn partner(&self, name: &str) -> Option<&Struct> {
        let exact = self.theirs.struct_(name);
        let used = || self.theirs.struct_(self.partners.get(name)?);
        let alike = || {
            let plain = |name: &str| name.to_lowercase().replace('_', "");
            let mine = plain(name);
            let mut found = self
                .theirs
                .structs
                .values()
                .filter(|other| mine.len() > 3 && plain(&other.name).ends_with(&mine));
            found.next().filter(|_| found.next().is_none())
        };
        exact.or_else(used).or_else(alike)
    }

    /// Whether it was compared with one of the header's.
    fn struct_(&mut self, mine: &Struct) -> bool {
        let Some(fields) = &mine.fields else {
            return false; // nothing is said about it
        };
        let Some(other) = self.partner(&mine.name).cloned() else {
            if mine.order == Order::Rust {
                return false; // a struct of the program's own, which C never sees
            }
            let near = nearest(&mine.name, self.struct_names());
            let hint = near.map_or_else(String::new, |near| format!(" Its nearest is `{near}`."));
            self.findings.push(Finding {
                severity: Severity::Note,
                kind: Kind::NotSeen,
                subject: mine.name.clone(),
                place: mine.place.clone(),
                yours: mine.text.clone(),
                header: None,
                header_place: None,
                explanation: format!(
                    "The header has no struct of this name, and no function of yours uses it \
                     where the header has one: it is not compared.{hint}"
                ),
            });
            return false;
        };
        let Some(wanted) = &other.fields else {
            return false; // the header hides what is in it
        };
        let pair = Pair {
            yours: &mine.text,
            header: &other.text,
            header_place: &other.place,
        };
        if mine.order == Order::Other || other.order == Order::Other {
            let why = "It is a union, has bit fields, or is made when the program runs: its \
                       fields are not compared.";
            let note = (Severity::Note, Kind::NotSeen);
            self.report(note, mine.name.clone(), &mine.place, &pair, why.to_owned());
            return false;
        }
        if mine.order == Order::Rust {
            let explanation = "Without #[repr(C)] Rust puts the fields in the order it likes, \
                               and another compiler may like another: the library finds one \
                               field's bytes where it looks for another's."
                .to_owned();
            let kind = Kind::MissingReprC;
            self.difference(kind, mine.name.clone(), &mine.place, &pair, explanation);
        }
        if mine.order == Order::SwappedBytes {
            let explanation = "The byte order is not this machine's: each number of more than \
                               one byte arrives with its bytes back to front."
                .to_owned();
            let kind = Kind::WrongLayout;
            self.difference(kind, mine.name.clone(), &mine.place, &pair, explanation);
        }
        self.fields(mine, &other, fields, wanted, &pair);
        true
    }

    fn fields(
        &mut self,
        mine: &Struct,
        other: &Struct,
        given: &[Parameter],
        wanted: &[Parameter],
        pair: &Pair<'_>,
    ) {
        let layouts = self.layouts(mine, other);
        let tail = layouts
            .as_ref()
            .map_or_else(String::new, |(a, b)| places(given, a, wanted, b));
        let before = self.findings.len();
        let position = |name: &Option<String>| {
            wanted
                .iter()
                .position(|field| field.name == *name && name.is_some())
        };
        let positions: Vec<Option<usize>> = given.iter().map(|f| position(&f.name)).collect();
        let found: Vec<usize> = positions.iter().copied().flatten().collect();
        // cffi asks the compiler where the fields are: order and gaps are free.
        let free = mine.order == Order::Compiler;
        if !free && !found.is_sorted() {
            let list = |side: &[Parameter]| {
                let names: Vec<_> = side.iter().filter_map(|f| f.name.as_deref()).collect();
                names.join(", ")
            };
            let explanation = format!(
                "The header has the fields in the order {}, and you have {}. Only places count, \
                 not names: one field's bytes are taken for another's.{tail}",
                list(wanted),
                list(given)
            );
            let kind = Kind::WrongFieldOrder;
            self.difference(kind, mine.name.clone(), &mine.place, pair, explanation);
        } else {
            for (index, field) in given.iter().enumerate() {
                let by_name = positions[index];
                // Another name at the same place may be meant.
                let by_place = Some(index).filter(|&i| {
                    !free && i < wanted.len() && !found.contains(&i) && given.len() == wanted.len()
                });
                match by_name.or(by_place) {
                    Some(at) => {
                        self.field(mine, field, &wanted[at], by_name.is_none(), pair, &tail);
                    }
                    None => {
                        let subject = subject_of(mine, field);
                        let explanation = format!(
                            "The header has no such field. What comes after it sits at the \
                             wrong place.{tail}"
                        );
                        let kind = Kind::WrongField;
                        self.difference(kind, subject, &field.place, pair, explanation);
                    }
                }
            }
            if !free && given.len() < wanted.len() {
                let missing: Vec<String> = (0..wanted.len())
                    .filter(|index| !found.contains(index))
                    .map(|index| format!("`{}`", wanted[index].text))
                    .collect();
                let explanation = format!(
                    "Yours lacks {}. What comes after a missing field sits at the wrong place, \
                     and the library writes beyond the end of a struct that is too small.{tail}",
                    missing.join(", ")
                );
                let kind = Kind::MissingField;
                self.difference(kind, mine.name.clone(), &mine.place, pair, explanation);
            }
        }
        let silent = !self.findings[before..]
            .iter()
            .any(|finding| finding.severity == Severity::Difference);
        // The fields are the same, and still at other places.
        if let Some((a, b)) = layouts.filter(|(a, b)| silent && a != b) {
            let explanation = format!(
                "The fields are right, but packed together, and the library's are not: the \
                 padding is missing.{}",
                places(given, &a, wanted, &b)
            );
            let kind = Kind::WrongLayout;
            self.difference(kind, mine.name.clone(), &mine.place, pair, explanation);
        }
    }

    fn field(
        &mut self,
        mine: &Struct,
        field: &Parameter,
        wanted: &Parameter,
        renamed: bool,
        pair: &Pair<'_>,
        tail: &str,
    ) {
        let subject = subject_of(mine, field);
        match self.relate(&field.type_, &wanted.type_, Role::Field, mine.caller) {
            Verdict::Wrong(kind, why) => {
                let kind = if kind == Kind::WrongType {
                    Kind::WrongField
                } else {
                    kind
                };
                let explanation = format!(
                    "The header has `{}` here, and you have `{}`. {why}{tail}",
                    wanted.text, field.text
                );
                self.difference(kind, subject, &field.place, pair, explanation);
            }
            Verdict::Note(kind, why) => {
                self.report((Severity::Note, kind), subject, &field.place, pair, why);
            }
            Verdict::Same if renamed && field.name.is_some() => {
                let why = format!(
                    "The header calls this field `{}`. The place and the type are the same, so \
                     it works; with the same name it is easier to read.",
                    wanted.name.as_deref().unwrap_or_default()
                );
                self.report(
                    (Severity::Note, Kind::Name),
                    subject,
                    &field.place,
                    pair,
                    why,
                );
            }
            Verdict::Same => {}
        }
    }

    fn layouts(&self, mine: &Struct, other: &Struct) -> Option<(Layout, Layout)> {
        let blind = matches!(mine.order, Order::C);
        let yours = self.yours.layout(mine).filter(|_| blind)?;
        Some((yours, self.theirs.layout(other)?))
    }
}

/// Types that a learner may have meant.
const KNOWN_TYPES: [&str; 14] = [
    "int", "double", "float", "char", "void", "long", "short", "unsigned", "int8_t", "uint8_t",
    "int32_t", "uint32_t", "int64_t", "uint64_t",
];

fn any_pointer(theirs: &Type) -> Verdict {
    Verdict::Note(
        Kind::AnyPointer,
        format!(
            "`void *` lets any pointer through, and the header wants {}: here nothing checks \
             what you pass.",
            words(theirs)
        ),
    )
}

fn subject_of(mine: &Struct, field: &Parameter) -> String {
    match &field.name {
        Some(name) => format!("{}, field {name}", mine.name),
        None => mine.name.clone(),
    }
}

/// The learner's parameters that have the name of another of the header's.
fn misnamed(given: &[Parameter], wanted: &[Parameter]) -> Vec<usize> {
    let name = |list: &[Parameter], index: usize| list[index].name.clone();
    let moved: Vec<usize> = (0..given.len())
        .filter(|&index| {
            name(given, index).is_some_and(|mine| {
                Some(&mine) != name(wanted, index).as_ref()
                    && wanted
                        .iter()
                        .any(|other| other.name.as_ref() == Some(&mine))
            })
        })
        .collect();
    // Exchanged, and not one name used by chance.
    let mut mine: Vec<_> = moved.iter().map(|&index| name(given, index)).collect();
    let mut other: Vec<_> = moved.iter().map(|&index| name(wanted, index)).collect();
    mine.sort();
    other.sort();
    if mine == other { moved } else { Vec::new() }
}

fn order(given: &[Parameter], wanted: &[Parameter], moved: &[usize], types_differ: bool) -> String {
    let list = |side: &[Parameter]| {
        let texts: Vec<String> = moved
            .iter()
            .map(|&index| format!("`{}`", side[index].text))
            .collect();
        texts.join(", ")
    };
    let numbers: Vec<String> = moved.iter().map(|index| (index + 1).to_string()).collect();
    let mut text = format!(
        "As parameters {} the header has {}, and you have {}.",
        numbers.join(", "),
        list(wanted),
        list(given)
    );
    text += if types_differ {
        " The types are right but stand in another order: an argument is converted to the type of \
         another, refused, or read from the place of another."
    } else {
        " The types are the same, so nothing complains: who passes arguments in your order gives \
         the library one number in place of the other."
    };
    text
}

fn parameters_of(number: usize) -> String {
    match number {
        1 => "1 parameter".to_owned(),
        _ => format!("{number} parameters"),
    }
}

fn arguments_of(number: usize) -> String {
    match number {
        1 => "1 argument".to_owned(),
        _ => format!("{number} arguments"),
    }
}

fn missing_argtypes(wanted: &[Parameter]) -> String {
    let mut text = "ctypes is not told what this function takes, so it goes by the Python \
                    values: an int becomes a C int of 4 bytes"
        .to_owned();
    let any = |test: fn(&Type) -> bool| wanted.iter().any(|parameter| test(&parameter.type_));
    if any(|type_| matches!(type_, Type::Int { bytes: 8, .. })) {
        text += ", where the header has one of 8";
    }
    if any(|type_| matches!(type_, Type::Float { .. })) {
        text += "; a float is refused, and an int in its place goes into the wrong register";
    }
    if any(Type::is_pointer) {
        text += "; an address as an int is cut to 4 bytes, and any pointer is let through";
    }
    text + ". Nothing counts the arguments either."
}

/// Where the fields are, on both sides.
fn places(given: &[Parameter], mine: &Layout, wanted: &[Parameter], other: &Layout) -> String {
    if mine == other {
        return String::new();
    }
    let list = |fields: &[Parameter], layout: &Layout| {
        let parts: Vec<String> = fields
            .iter()
            .zip(&layout.offsets)
            .map(|(field, offset)| format!("{} at {offset}", field.name.as_deref().unwrap_or("-")))
            .collect();
        format!("{} (size {})", parts.join(", "), layout.size)
    };
    format!(
        " In bytes, the library has {}; you have {}.",
        list(wanted, other),
        list(given, mine)
    )
}

/// The name that is most like this one, if any is.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace('_', "");
    let mine = plain(name);
    names
        .map(|other| {
            let theirs = plain(other);
            let distance = strsim::damerau_levenshtein(&mine, &theirs);
            // A forgotten prefix is one mistake.
            let suffix = mine.len() > 2 && theirs.ends_with(&mine);
            (if suffix { distance.min(1) } else { distance }, other)
        })
        .filter(|&(distance, other)| distance <= 1 + other.len().min(name.len()) / 4)
        .min()
        .map(|(_, other)| other)
}
