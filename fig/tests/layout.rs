//! The figures as a reader sees them: no text is small, cut off or covered.

mod common;

use common::{awkward, draw_document, drawings, five_modes, sample, scaling};
use fig::source::Origin;
use fig::text;
use roxmltree::{Document, Node};

/// A text and the box around it, in pixels.
struct Label {
    words: String,
    size: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// Pixels in a unit of the drawing.
fn scale(document: &Document<'_>) -> f64 {
    let root = document.root_element();
    let view = root.attribute("viewBox").unwrap();
    let view: Vec<f64> = view
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let scale = number(root, "width") / view[2];
    assert!((number(root, "height") / view[3] - scale).abs() < 1e-3);
    scale
}

fn labels(document: &Document<'_>) -> Vec<Label> {
    let scale = scale(document);
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "text")
        .map(|node| label(node, scale))
        .collect()
}

fn label(node: Node<'_, '_>, scale: f64) -> Label {
    let words = node.text().unwrap().to_owned();
    let size = number(node, "font-size") * scale;
    let bold = node.attribute("font-weight") == Some("bold");
    let width = text::width(&words, size, bold);
    let (x, y) = (number(node, "x") * scale, number(node, "y") * scale);
    let left = match node.attribute("text-anchor").unwrap() {
        "start" => x,
        "middle" => x - width / 2.0,
        _ => x - width,
    };
    Label {
        words,
        size,
        left,
        right: left + width,
        top: y - size / 2.0,
        bottom: y + size / 2.0,
    }
}

fn overlap(a: &Label, b: &Label) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

#[test]
fn text_is_large_inside_and_apart() {
    let of_scaling = draw_document("scaling", &scaling(), Origin::Record).unwrap();
    let of_races = [sample(), five_modes(), awkward()].map(|value| drawings(&value));
    for drawings in of_races.into_iter().chain([of_scaling]) {
        for drawing in drawings {
            let name = &drawing.file_name;
            let document = Document::parse(&drawing.svg).unwrap();
            let height = number(document.root_element(), "height");
            let labels = labels(&document);
            assert!(labels.len() > 20, "{name} has few labels");
            for (index, label) in labels.iter().enumerate() {
                assert!(label.size > 12.99, "{name}: small text {}", label.words);
                assert!(
                    label.left >= 0.0 && label.right <= 960.0,
                    "{name}: cut off {}",
                    label.words
                );
                assert!(
                    label.top >= 0.0 && label.bottom <= height,
                    "{name}: cut off {}",
                    label.words
                );
                for other in &labels[index + 1..] {
                    assert!(
                        !overlap(label, other),
                        "{name}: {} on {}",
                        label.words,
                        other.words
                    );
                }
            }
        }
    }
}

/// The dashed lines of comparison, as (x, top, bottom) of each dash.
fn reference_dashes(document: &Document<'_>) -> Vec<(f64, f64, f64)> {
    let scale = scale(document);
    let lines = document
        .descendants()
        .filter(|node| matches!(node.attribute("stroke"), Some("#A8327A" | "#F0A0CC")));
    let dashes = lines.filter_map(|node| {
        let points: Vec<(f64, f64)> = node
            .attribute("points")?
            .split_whitespace()
            .map(|point| point.split_once(',').unwrap())
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .map(|(x, y): (f64, f64)| (x * scale, y * scale))
            .collect();
        let (first, last) = (points.first()?, points.last()?);
        Some((first.0, first.1.min(last.1), first.1.max(last.1)))
    });
    dashes.collect()
}

#[test]
fn no_line_of_comparison_strikes_through_a_word() {
    for value in [sample(), five_modes(), awkward()] {
        for drawing in drawings(&value) {
            if drawing.file_name.starts_with("size") {
                continue;
            }
            let document = Document::parse(&drawing.svg).unwrap();
            let dashes = reference_dashes(&document);
            let heat = drawing.file_name.starts_with("heat");
            assert!(dashes.len() > 20 || !heat, "{}", drawing.file_name);
            // A dash in the rows above or below touches the word all the same.
            let top = dashes
                .iter()
                .map(|dash| dash.1)
                .fold(f64::INFINITY, f64::min);
            let bottom = dashes.iter().map(|dash| dash.2).fold(0.0, f64::max);
            for label in labels(&document) {
                for (x, _, _) in &dashes {
                    let struck = label.left < *x
                        && *x < label.right
                        && label.bottom > top
                        && label.top < bottom;
                    assert!(!struck, "{}: {}", drawing.file_name, label.words);
                }
            }
        }
    }
}

#[test]
fn shapes_lie_on_the_sheet() {
    for drawing in drawings(&awkward()) {
        let document = Document::parse(&drawing.svg).unwrap();
        let view = 960.0 / scale(&document);
        let shapes = document.descendants().filter(|n| n.has_attribute("points"));
        for points in shapes.map(|node| node.attribute("points").unwrap()) {
            for point in points.split_whitespace() {
                let (x, _) = point.split_once(',').unwrap();
                let x: f64 = x.parse().unwrap();
                assert!((0.0..=view).contains(&x), "{}: {point}", drawing.file_name);
            }
        }
    }
}

/// All pairs of mode marks in the list of names differ in shape or filling or
/// colour: no two modes of the sample look the same.
#[test]
fn each_mode_has_its_own_look() {
    let race = common::race(&sample());
    for theme in [fig::theme::LIGHT, fig::theme::DARK] {
        let looks: Vec<_> = race
            .modes
            .iter()
            .map(|mode| theme.style(mode))
            .map(|style| {
                (
                    style.color.0,
                    style.color.1,
                    style.color.2,
                    style.shape,
                    style.hollow,
                )
            })
            .collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(
                !looks[index + 1..].contains(look),
                "{:?}",
                race.modes[index]
            );
        }
    }
}
