//! What a name in a Python file stands for, as far as the text tells.

use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::Node;

use crate::read::{children, field, squeezed};
use crate::source::Excerpt;

/// How many names may stand for one another before it is a circle.
const DEPTH: usize = 16;

/// A node and all below it, in the order of the text.
pub(super) fn walk(root: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        found.push(node);
        let mut cursor = node.walk();
        let below: Vec<_> = node.children(&mut cursor).collect();
        waiting.extend(below.into_iter().rev());
    }
    found
}

/// The names of a file.
pub(super) struct Names<'t> {
    text: &'t str,
    bound: HashMap<String, Vec<Binding<'t>>>,
    /// The modules of `from module import *`.
    starred: Vec<String>,
    /// What a function returns, where it has one `return`.
    returned: HashMap<String, Option<Node<'t>>>,
}

struct Binding<'t> {
    /// Where it may be used: the function or class it is in, or the file.
    scope: Range<usize>,
    at: usize,
    value: Value<'t>,
}

#[derive(Clone)]
enum Value<'t> {
    Node(Node<'t>),
    /// Imported: the full name.
    Import(String),
    /// A class, a function, a loop variable, an argument.
    Other,
}

impl<'t> Names<'t> {
    pub fn of(text: &'t str, root: Node<'t>) -> Self {
        let mut names = Self {
            text,
            bound: HashMap::new(),
            starred: Vec::new(),
            returned: HashMap::new(),
        };
        for node in walk(root) {
            names.note(node);
        }
        // Of several such modules, the one that this checker knows.
        names.starred.sort_by_key(|module| module != "ctypes");
        names
    }

    fn slice(&self, node: Node<'t>) -> String {
        squeezed(&self.text[node.byte_range()])
    }

    fn note(&mut self, node: Node<'t>) {
        match node.kind() {
            "import_statement" => {
                for name in super::super::fields(node, "name") {
                    self.import(node, name, "");
                }
            }
            "import_from_statement" => {
                let module = field(node, "module_name").map_or_else(String::new, |m| self.slice(m));
                if children(node)
                    .iter()
                    .any(|child| child.kind() == "wildcard_import")
                {
                    self.starred.push(module.clone());
                }
                for name in super::super::fields(node, "name") {
                    self.import(node, name, &module);
                }
            }
            "assignment" | "named_expression" => {
                let left = field(node, "left").or_else(|| field(node, "name"));
                let mut right = field(node, "right").or_else(|| field(node, "value"));
                while let Some(chained) = right.filter(|right| right.kind() == "assignment") {
                    right = field(chained, "right");
                }
                if let Some((left, right)) = left.zip(right) {
                    for (target, value) in pairs(left, right) {
                        let value = value.map_or(Value::Other, Value::Node);
                        self.bind(node, target, value);
                    }
                }
            }
            "for_statement" | "augmented_assignment" => {
                if let Some(left) = field(node, "left") {
                    for target in walk(left) {
                        self.bind(node, target, Value::Other);
                    }
                }
            }
            "parameters" => {
                for target in children(node) {
                    let target = field(target, "name").unwrap_or(target);
                    self.bind(node, target, Value::Other);
                }
            }
            "class_definition" | "function_definition" => {
                if node.kind() == "function_definition" {
                    self.note_result(node);
                }
                if let (Some(name), Some(outside)) = (field(node, "name"), node.parent()) {
                    self.bind(outside, name, Value::Other);
                }
            }
            _ => {}
        }
    }

    fn note_result(&mut self, function: Node<'t>) {
        let Some(name) = field(function, "name").map(|name| self.slice(name)) else {
            return;
        };
        let returns: Vec<_> = walk(function)
            .into_iter()
            .filter(|node| node.kind() == "return_statement")
            .collect();
        // Two functions of one name, or two returns: which one is meant is not sure.
        let value = match returns[..] {
            [one] if !self.returned.contains_key(&name) => children(one).first().copied(),
            _ => None,
        };
        self.returned.insert(name, value);
    }

    /// What a call of a function of this file gives, as far as the text tells.
    pub fn result(&self, call: Node<'t>) -> Option<Node<'t>> {
        let name = self.slice(field(call, "function")?);
        let name = name.strip_prefix("self.").unwrap_or(&name);
        self.returned.get(name).copied().flatten()
    }

    fn import(&mut self, statement: Node<'t>, name: Node<'t>, module: &str) {
        let path = |name: &str| match module {
            "" => name.to_owned(),
            module => format!("{module}.{name}"),
        };
        if name.kind() == "aliased_import" {
            if let Some((name, alias)) = field(name, "name").zip(field(name, "alias")) {
                let path = path(&self.slice(name));
                self.bind(statement, alias, Value::Import(path));
            }
            return;
        }
        // `import numpy.ctypeslib` binds `numpy`.
        let name = self.slice(name);
        let first = match module {
            "" => name.split('.').next().unwrap_or(&name).to_owned(),
            _ => name.clone(),
        };
        let value = match module {
            "" => Value::Import(first.clone()),
            _ => Value::Import(path(&name)),
        };
        self.insert(first, statement, value);
    }

    fn bind(&mut self, at: Node<'t>, target: Node<'t>, value: Value<'t>) {
        match target.kind() {
            "identifier" => self.insert(self.slice(target), at, value),
            // `self.lib = ...` is good in every method.
            "attribute" => self.add(self.slice(target), at, value, 0..usize::MAX),
            _ => {}
        }
    }

    fn insert(&mut self, name: String, at: Node<'t>, value: Value<'t>) {
        let mut scope = 0..usize::MAX;
        let mut outer = Some(at);
        while let Some(node) = outer {
            if matches!(node.kind(), "function_definition" | "class_definition") {
                scope = node.byte_range();
                break;
            }
            outer = node.parent();
        }
        self.add(name, at, value, scope);
    }

    fn add(&mut self, name: String, at: Node<'t>, value: Value<'t>, scope: Range<usize>) {
        self.bound.entry(name).or_default().push(Binding {
            scope,
            at: at.start_byte(),
            value,
        });
    }

    /// The binding in the innermost scope: the last before the use, else the first.
    fn lookup(&self, name: &str, used_at: usize) -> Option<&Value<'t>> {
        let visible: Vec<_> = self
            .bound
            .get(name)?
            .iter()
            .filter(|binding| binding.scope.contains(&used_at))
            .collect();
        let innermost = visible.iter().map(|binding| binding.scope.len()).min()?;
        let here = || visible.iter().filter(|b| b.scope.len() == innermost);
        let last = here().rfind(|binding| binding.at < used_at);
        last.or_else(|| here().next()).map(|binding| &binding.value)
    }

    /// What an expression stands for once names that stand for others are
    /// followed; the expression itself where that ends.
    pub fn resolve(&self, node: Node<'t>) -> Node<'t> {
        let mut node = node;
        for _ in 0..DEPTH {
            let next = match node.kind() {
                "parenthesized_expression" => children(node).first().copied(),
                "identifier" | "attribute" => {
                    match self.lookup(&self.slice(node), node.start_byte()) {
                        Some(Value::Node(value)) => Some(*value),
                        _ => None,
                    }
                }
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// The full name of what was imported: `d` is `ctypes.c_double` after
    /// `from ctypes import c_double as d`.
    pub fn imported(&self, node: Node<'t>) -> Option<String> {
        let node = self.resolve(node);
        match node.kind() {
            "identifier" => {
                let name = self.slice(node);
                match self.lookup(&name, node.start_byte()) {
                    Some(Value::Import(path)) => Some(path.clone()),
                    Some(_) => None,
                    None => self
                        .starred
                        .first()
                        .map(|module| format!("{module}.{name}")),
                }
            }
            "attribute" => {
                let object = self.imported(field(node, "object")?)?;
                Some(format!(
                    "{object}.{}",
                    self.slice(field(node, "attribute")?)
                ))
            }
            _ => None,
        }
    }

    /// A string that is written in the file: a literal, several of them one
    /// after the other, a sum of them, or a name for one.
    pub fn string(&self, node: Node<'t>) -> Option<Excerpt> {
        self.string_within(node, 0)
    }

    fn string_within(&self, node: Node<'t>, depth: usize) -> Option<Excerpt> {
        if depth > DEPTH {
            return None;
        }
        let node = self.resolve(node);
        let mut excerpt = Excerpt::default();
        match node.kind() {
            "string" => self.literal(node, &mut excerpt)?,
            "concatenated_string" => {
                for part in children(node) {
                    self.literal(part, &mut excerpt)?;
                }
            }
            "binary_operator" if self.slice(field(node, "operator")?) == "+" => {
                for side in ["left", "right"] {
                    let part = self.string_within(field(node, side)?, depth + 1)?;
                    excerpt.append(&part);
                }
            }
            // Methods that do not change what C reads.
            "call" => {
                let function = field(node, "function")?;
                let same = ["strip", "lstrip", "rstrip"];
                let is_method = function.kind() == "attribute"
                    && same.contains(&self.slice(field(function, "attribute")?).as_str());
                let text = match self.imported(function).as_deref() {
                    Some("textwrap.dedent" | "inspect.cleandoc") => {
                        children(field(node, "arguments")?).first().copied()?
                    }
                    _ if is_method => field(function, "object")?,
                    _ => return None,
                };
                return self.string_within(text, depth + 1);
            }
            _ => return None,
        }
        Some(excerpt)
    }

    fn literal(&self, node: Node<'t>, excerpt: &mut Excerpt) -> Option<()> {
        let mut cursor = node.walk();
        let mut raw = false;
        for part in node.children(&mut cursor) {
            match part.kind() {
                "string_start" => {
                    let prefix = self.slice(part).to_lowercase();
                    if prefix.starts_with('b') {
                        return None;
                    }
                    raw = prefix.contains('r');
                }
                "interpolation" => return None,
                "string_content" => self.content(part, raw, excerpt),
                _ => {}
            }
        }
        Some(())
    }

    fn content(&self, node: Node<'t>, raw: bool, excerpt: &mut Excerpt) {
        let mut at = node.start_byte();
        for escape in children(node).into_iter().filter(|_| !raw) {
            excerpt.push(&self.text[at..escape.start_byte()], at);
            let meaning = match &self.text[escape.byte_range()] {
                "\\n" => "\n",
                "\\t" => "\t",
                "\\\\" => "\\",
                "\\\"" => "\"",
                "\\'" => "'",
                line_end if line_end.trim_end() == "\\" => "",
                _ => " ",
            };
            excerpt.push(meaning, escape.start_byte());
            at = escape.end_byte();
        }
        excerpt.push(&self.text[at..node.end_byte()], at);
    }
}

/// The targets of an assignment with what each one gets, where that is told
/// apart: `a, b = 1, 2`.
pub(super) fn pairs<'t>(left: Node<'t>, right: Node<'t>) -> Vec<(Node<'t>, Option<Node<'t>>)> {
    let several = |node: Node<'t>| {
        let kinds = ["pattern_list", "tuple_pattern", "expression_list", "tuple"];
        kinds.contains(&node.kind()).then(|| children(node))
    };
    match (several(left), several(right)) {
        (Some(targets), Some(values)) if targets.len() == values.len() => targets
            .into_iter()
            .zip(values.into_iter().map(Some))
            .collect(),
        (Some(targets), _) => targets.into_iter().map(|target| (target, None)).collect(),
        (None, _) => vec![(left, Some(right))],
    }
}
