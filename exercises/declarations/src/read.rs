//! Readers: from a text in some language to [`Declarations`](crate::model::Declarations).
//!
//! Tree-sitter parses; nothing of the learner's is ever run.

pub(crate) mod c;
pub(crate) mod python;
pub(crate) mod rust;

use tree_sitter::{Language, Node, Parser, Tree};

use crate::model::Unseen;
use crate::source::Place;

/// No declaration of a person's is nested deeper; the readers go down by recursion.
const DEEPEST: u32 = 500;

/// Parses a text. A tree comes back also where there are errors, with these in it;
/// none for a text that is nested too deeply.
fn parse(language: &Language, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser
        .set_language(language)
        .expect("the grammar was generated for this tree-sitter");
    let tree = parser
        .parse(text, None)
        .expect("there is a language, and nothing cancels");
    (!is_deep(&tree)).then_some(tree)
}

/// Whether a tree goes down further than [`DEEPEST`].
fn is_deep(tree: &Tree) -> bool {
    let mut cursor = tree.walk();
    let mut depth = 0;
    loop {
        if cursor.goto_first_child() {
            depth += 1;
            if depth > DEEPEST {
                return true;
            }
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
            depth -= 1;
        }
    }
}

fn too_deep(place: Place) -> Unseen {
    Unseen {
        place,
        text: "...".to_owned(),
        why: format!("This is nested deeper than {DEEPEST} levels, so it is not read."),
        broken: true,
    }
}

fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    node.named_children(&mut node.walk())
        .filter(|child| !child.kind().ends_with("comment"))
        .collect()
}

fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    node.children_by_field_name(name, &mut node.walk())
        .collect()
}

/// One line, one space between words.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
