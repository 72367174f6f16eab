//! What the tests share.

use declarations::{Finding, Kind, Report, Severity, Source, check, kernels_header};

/// Checks a text as if it were in a file of this name.
pub fn checked(name: &str, text: &str) -> Report {
    let source = Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    check(&kernels_header(), &[source]).unwrap()
}

/// The kinds of what differs, in order.
pub fn differences(report: &Report) -> Vec<Kind> {
    of(report, Severity::Difference)
}

/// The kinds of the notes, in order.
pub fn notes(report: &Report) -> Vec<Kind> {
    of(report, Severity::Note)
}

fn of(report: &Report, severity: Severity) -> Vec<Kind> {
    let found = report.findings.iter().filter(|f| f.severity == severity);
    found.map(|finding| finding.kind).collect()
}

/// The one finding of a report.
pub fn only(report: &Report) -> &Finding {
    assert_eq!(report.findings.len(), 1, "{report}");
    &report.findings[0]
}
