//! Reads what a Python file declares: to cffi in `cdef`, to ctypes in
//! `argtypes`, `restype` and `_fields_`.

mod ctypes;
mod names;

use tree_sitter::Node;

use self::names::{Names, walk};
use super::{c, children, field, parse, squeezed, too_deep};
use crate::model::{Caller, Declarations, Unseen};
use crate::source::{Place, Source};

pub(crate) fn read(source: &Source) -> Declarations {
    let mut found = Declarations::default();
    let Some(tree) = parse(&tree_sitter_python::LANGUAGE.into(), &source.text) else {
        found.unseen.push(too_deep(source.place(0)));
        return found;
    };
    let file = File {
        source,
        names: Names::of(&source.text, tree.root_node()),
        root: tree.root_node(),
    };
    if let Some(error) = first_error(tree.root_node()) {
        found.unseen.push(Unseen {
            broken: true,
            ..file.unseen(error, "This is not Python: nothing after it is sure.")
        });
    }
    found.extend(file.cdefs());
    found.extend(ctypes::read(&file));
    found
}

fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    walk(root)
        .into_iter()
        .find(|node| node.is_error() || node.is_missing())
}

/// A parsed Python file.
struct File<'t> {
    source: &'t Source,
    names: Names<'t>,
    root: Node<'t>,
}

impl<'t> File<'t> {
    fn text(&self, node: Node<'t>) -> String {
        squeezed(&self.source.text[node.byte_range()])
    }

    fn place(&self, node: Node<'t>) -> Place {
        self.source.place(node.start_byte())
    }

    fn unseen(&self, node: Node<'t>, why: &str) -> Unseen {
        Unseen {
            place: self.place(node),
            text: self.text(node),
            why: why.to_owned(),
            broken: false,
        }
    }

    /// The calls of a method, by its name, also by way of a name for it: each
    /// with the object it is called on.
    fn calls_of(&self, method: &str) -> Vec<(Node<'t>, String)> {
        let calls = walk(self.root).into_iter().filter(|n| n.kind() == "call");
        calls
            .filter_map(|call| {
                let function = self.names.resolve(field(call, "function")?);
                let name = field(function, "attribute")?;
                let object = self.text(field(function, "object")?);
                (self.text(name) == method).then_some((call, object))
            })
            .collect()
    }

    /// The objects that `set_source` gives C code: a compiler will see the header.
    fn compiled(&self) -> Vec<String> {
        let with_code = |call: Node<'t>| {
            let arguments = field(call, "arguments").map_or_else(Vec::new, children);
            let code = arguments.get(1).map(|code| self.names.resolve(*code));
            code.is_some_and(|code| code.kind() != "none")
        };
        self.calls_of("set_source")
            .into_iter()
            .filter(|(call, _)| with_code(*call))
            .chain(self.calls_of("verify"))
            .map(|(_, object)| object)
            .collect()
    }

    /// What is given to `cdef`, here or by way of a name.
    fn cdefs(&self) -> Declarations {
        let mut reader = c::Reader::new(self.source);
        let mut unseen = Vec::new();
        let compiled = self.compiled();
        for (call, object) in self.calls_of("cdef") {
            let caller = match compiled.contains(&object) {
                true => Caller::Compiler,
                false => Caller::Blind,
            };
            let arguments = field(call, "arguments").map_or_else(Vec::new, children);
            let Some(argument) = arguments
                .iter()
                .find_map(|&argument| match argument.kind() {
                    "keyword_argument" => {
                        let name = field(argument, "name").map(|name| self.text(name))?;
                        field(argument, "value").filter(|_| name == "csource")
                    }
                    _ => Some(argument),
                })
            else {
                continue;
            };
            match self.names.string(argument) {
                Some(excerpt) => reader.read(excerpt, caller),
                None => unseen.push(self.unseen(
                    argument,
                    "This text is made when the program runs, so its declarations \
                     cannot be seen here.",
                )),
            }
        }
        let mut found = reader.finish();
        found.unseen.extend(unseen);
        found
    }
}
