//! The drawing and the text format.

use heat::field;
use ndarray::Array2;

fn message(text: &str) -> String {
    field::from_text(text).unwrap_err().to_string()
}

#[test]
fn broken_files_name_the_line_and_the_column() {
    let header = "expected the header \"# nx ny\", found";
    assert_eq!(message(""), format!("line 1, column 1: {header} \"\""));
    assert_eq!(
        message("1 2\n"),
        format!("line 1, column 1: {header} \"1 2\"")
    );
    assert_eq!(
        message("# 2 x\n"),
        format!("line 1, column 5: {header} \"x\"")
    );
    assert_eq!(
        message("# -2 3\n"),
        format!("line 1, column 3: {header} \"-2\"")
    );
    assert_eq!(message("# 2\n"), format!("line 1, column 4: {header} \"\""));
    assert_eq!(
        message("# 2 3 4\n"),
        format!("line 1, column 7: {header} \"4\"")
    );
    assert_eq!(
        message("# 1 2\n1 é2\n"),
        "line 2, column 3: \"é2\" is not a number"
    );
    assert_eq!(
        message("# 2 2\n1 2\n3\n"),
        "line 3, column 2: the row has 1 values, the header says 2"
    );
    assert_eq!(
        message("# 2 2\n1 2 3\n3 4\n"),
        "line 2, column 5: the row has 3 values, the header says 2"
    );
    assert_eq!(
        message("# 3 1\n1\n2\n"),
        "line 4, column 1: the file has 2 rows, the header says 3"
    );
    assert_eq!(
        message("# 1 1\n1\n2\n"),
        "line 3, column 1: the file has 2 rows, the header says 1"
    );
}

#[test]
fn a_header_that_promises_too_much_reserves_no_memory() {
    // Within the limit: refused for what the file lacks.
    assert_eq!(
        message("# 1000000 1000000\n1\n"),
        "line 2, column 2: the row has 1 values, the header says 1000000"
    );
    // Beyond it, also where one side is 0.
    for (nx, ny) in [(u64::MAX, u64::MAX), (1 << 60, 0), (0, 1 << 62)] {
        assert_eq!(
            message(&format!("# {nx} {ny}\n")),
            format!(
                "line 1, column 3: a field of {nx} x {ny} is larger than the limit of 2^40 cells"
            )
        );
    }
}

#[test]
fn a_long_mistake_is_cut_short_in_the_message() {
    let text = message(&"x".repeat(1_000_000));
    assert!(text.len() < 200, "{}", text.len());
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let field = field::from_text("\u{feff}# 1 1\n7\n").unwrap();
    assert_eq!(field, ndarray::array![[7.0]]);
}

#[test]
fn windows_line_ends_and_empty_lines_at_the_end_are_fine() {
    let field = field::from_text("# 2 2\r\n1 2\r\n3 4\r\n\r\n").unwrap();
    assert_eq!(field, ndarray::array![[1.0, 2.0], [3.0, 4.0]]);
}

#[test]
fn numbers_beyond_the_ordinary_survive() {
    let field = ndarray::array![[f64::INFINITY, -0.0, 5e-324, 1e300]];
    let read = field::from_text(&field::to_text(field.view())).unwrap();
    assert_eq!(read, field);
    assert!(read[[0, 1]].is_sign_negative());
}

#[test]
fn the_mug_keeps_its_proportions_on_every_rectangle() {
    for (nx, ny) in [(200, 200), (100, 300), (300, 100)] {
        let room = field::mug(nx, ny).unwrap();
        let hot = room.iter().filter(|t| **t == 85.0).count();
        let side = nx.min(ny);
        let part = hot as f64 / (side * side) as f64;
        assert!((0.11..0.14).contains(&part), "{nx} x {ny}: {part}");
    }
    assert_eq!(field::mug(0, 7).unwrap().dim(), (0, 7));
    assert_eq!(field::mug(1, 1).unwrap(), Array2::from_elem((1, 1), 85.0));
}
