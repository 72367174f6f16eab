//! Readers: from a text in some language to [`Declarations`](crate::model::Declarations).
//!
//! Tree-sitter parses; nothing of the learner's is ever run.

pub(crate) mod c;
pub(crate) mod python;
pub(crate) mod rust;

use tree_sitter::{Language, Node, Parser, Tree};

/// Parses a text. A tree always comes back, with errors in it where there are any.
fn parse(language: &Language, text: &str) -> Tree {
    let mut parser = Parser::new();
    parser
        .set_language(language)
        .expect("the grammar was generated for this tree-sitter");
    parser
        .parse(text, None)
        .expect("there is a language, and nothing cancels")
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
