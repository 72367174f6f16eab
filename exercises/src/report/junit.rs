//! `JUnit` XML, as CI systems read it.

use anyhow::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Graded, told};
use crate::outcome::{Kind, Outcome, Test};

type Xml = Writer<Vec<u8>>;

/// One suite for each exercise that was graded.
pub fn xml(graded: &[Graded<'_>]) -> Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attribute(("name", "FFI Workbook"))
        .write_inner_content(|xml| {
            for (exercise, outcome) in graded {
                if let Some(outcome) = outcome {
                    suite(xml, &format!("exercise{}", exercise.number), outcome)?;
                }
            }
            Ok(())
        })?;
    Ok(String::from_utf8(xml.into_inner())? + "\n")
}

fn suite(xml: &mut Xml, name: &str, outcome: &Outcome) -> std::io::Result<()> {
    let count = |kind| {
        let is = |test: &&Test| {
            test.failure
                .as_ref()
                .is_some_and(|failure| failure.kind == kind)
        };
        outcome.tests.iter().filter(is).count().to_string()
    };
    xml.create_element("testsuite")
        .with_attribute(("name", name))
        .with_attribute(("tests", outcome.tests.len().to_string().as_str()))
        .with_attribute(("failures", count(Kind::Fail).as_str()))
        .with_attribute(("errors", count(Kind::Error).as_str()))
        .with_attribute(("time", format!("{:.3}", outcome.seconds).as_str()))
        .write_inner_content(|xml| {
            for test in &outcome.tests {
                case(xml, name, test)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn case(xml: &mut Xml, suite: &str, test: &Test) -> std::io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attribute(("classname", suite))
        .with_attribute(("name", test.name.as_str()))
        .with_attribute(("time", format!("{:.3}", test.seconds).as_str()));
    let Some(failure) = &test.failure else {
        element.write_empty()?;
        return Ok(());
    };
    element.write_inner_content(|xml| {
        let kind = match failure.kind {
            Kind::Fail => "failure",
            Kind::Error => "error",
        };
        xml.create_element(kind)
            .with_attribute(("message", printable(&failure.message).as_str()))
            .write_text_content(BytesText::new(&printable(&told(test))))?;
        if !test.output.is_empty() {
            let output = printable(&test.output);
            xml.create_element("system-out")
                .write_text_content(BytesText::new(&output))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// XML has no place for most control characters, not even as references.
fn printable(text: &str) -> String {
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r') || (' '..'\u{fffe}').contains(&c) || c > '\u{ffff}'
    };
    text.chars()
        .map(|c| if allowed(c) { c } else { '\u{fffd}' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_characters_become_replacements() {
        assert_eq!(
            printable("a\0b\u{1b}[31m\n\u{ffff}ü🙂"),
            "a\u{fffd}b\u{fffd}[31m\n\u{fffd}ü🙂"
        );
    }
}
