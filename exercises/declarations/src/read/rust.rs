//! Reads `extern "C"` blocks and structs of a Rust file, and the functions that
//! it exports to C.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::{children, field, parse, squeezed, too_deep};
use crate::model::{
    Caller, Declarations, Function, Order, Parameter, Parameters, Signature, Struct, Type, Unseen,
};
use crate::source::{Place, Source};

pub(crate) fn read(source: &Source) -> Declarations {
    let Some(tree) = parse(&tree_sitter_rust::LANGUAGE.into(), &source.text) else {
        let mut found = Declarations::default();
        found.unseen.push(too_deep(source.place(0)));
        return found;
    };
    let mut reader = Reader {
        source,
        aliases: BTreeMap::new(),
        renamed: BTreeMap::new(),
        found: Declarations::default(),
    };
    reader.aliases_in(tree.root_node());
    reader.items(tree.root_node());
    reader.found
}

struct Reader<'s, 't> {
    source: &'s Source,
    /// `type Name = ...;`
    aliases: BTreeMap<String, Node<'t>>,
    /// `use ... as name;`
    renamed: BTreeMap<String, String>,
    found: Declarations,
}

impl<'t> Reader<'_, 't> {
    fn text(&self, node: Node<'t>) -> String {
        squeezed(&self.source.text[node.byte_range()])
    }

    fn place(&self, node: Node<'t>) -> Place {
        self.source.place(node.start_byte())
    }

    fn aliases_in(&mut self, node: Node<'t>) {
        for child in children(node) {
            match child.kind() {
                "type_item" => {
                    if let Some((name, type_)) = field(child, "name").zip(field(child, "type")) {
                        let name = self.text(name);
                        self.aliases.insert(name, type_);
                    }
                }
                "use_as_clause" => {
                    if let Some((path, alias)) = field(child, "path").zip(field(child, "alias")) {
                        let (alias, path) = (self.text(alias), last_of(&self.text(path)));
                        self.renamed.insert(alias, path);
                    }
                }
                _ => self.aliases_in(child),
            }
        }
    }

    /// The items of a file, a module or a block, each with its attributes.
    fn items(&mut self, parent: Node<'t>) {
        let mut attributes: Vec<String> = Vec::new();
        for node in children(parent) {
            match node.kind() {
                "attribute_item" => {
                    attributes.push(self.text(node));
                    continue;
                }
                "foreign_mod_item" => self.foreign(node),
                "struct_item" | "union_item" => self.struct_(node, &attributes),
                "function_item" => self.exported(node, &attributes),
                "mod_item" => {
                    if let Some(body) = field(node, "body") {
                        self.items(body);
                    }
                }
                "ERROR" => self.broken(node),
                _ => {}
            }
            attributes.clear();
        }
    }

    fn broken(&mut self, node: Node<'t>) {
        let unseen = Unseen {
            place: self.place(node),
            text: self.text(node),
            why: "This is not Rust: the compiler will refuse it.".to_owned(),
            broken: true,
        };
        self.found.unseen.push(unseen);
    }

    fn foreign(&mut self, block: Node<'t>) {
        let mut attributes: Vec<String> = Vec::new();
        for node in field(block, "body").map_or_else(Vec::new, children) {
            match node.kind() {
                "attribute_item" => {
                    attributes.push(self.text(node));
                    continue;
                }
                "function_signature_item" => self.function(node, &attributes),
                // `type Handle;`, of which nothing but the name is known.
                "associated_type" | "foreign_type" => {
                    if let Some(name) = field(node, "name").map(|name| self.text(name)) {
                        self.insert(name, None, Order::C, None, node);
                    }
                }
                "ERROR" => self.broken(node),
                _ => {}
            }
            attributes.clear();
        }
    }

    /// A function of the learner's own counts when C can find it by its name.
    fn exported(&mut self, node: Node<'t>, attributes: &[String]) {
        let exported = ["no_mangle", "export_name"];
        if attributes
            .iter()
            .any(|a| exported.iter().any(|word| a.contains(word)))
        {
            self.function(node, attributes);
        }
    }

    fn function(&mut self, node: Node<'t>, attributes: &[String]) {
        let Some(name) = field(node, "name") else {
            return;
        };
        // `#[link_name = "x"]`: what C calls it.
        let other = attributes
            .iter()
            .find(|a| a.contains("link_name") || a.contains("export_name"))
            .and_then(|attribute| attribute.split('"').nth(1));
        let signature = self.signature(node);
        let result = field(node, "return_type");
        let body = field(node, "body").map_or(node.end_byte(), |body| body.start_byte());
        let text = squeezed(&self.source.text[node.start_byte()..body]);
        let function = Function {
            name: other.map_or_else(|| self.text(name), str::to_owned),
            parameters: Parameters::Listed(signature.parameters),
            result: Some(Parameter {
                name: None,
                type_: signature.result,
                text: result.map_or_else(|| "()".to_owned(), |result| self.text(result)),
                place: self.place(result.unwrap_or(name)),
            }),
            variadic: signature.variadic,
            caller: Caller::Blind,
            place: self.place(name),
            text: text.trim_end_matches(';').to_owned(),
        };
        self.found.functions.push(function);
    }

    fn signature(&self, node: Node<'t>) -> Signature {
        let mut signature = Signature {
            parameters: Vec::new(),
            result: field(node, "return_type").map_or(Type::Void, |result| self.type_(result, 0)),
            variadic: false,
        };
        for child in field(node, "parameters").map_or_else(Vec::new, children) {
            match child.kind() {
                "variadic_parameter" => signature.variadic = true,
                "attribute_item" | "self_parameter" => {}
                _ => {
                    let name = field(child, "pattern").map(|pattern| self.text(pattern));
                    let type_ = field(child, "type").filter(|_| child.kind() == "parameter");
                    signature.parameters.push(Parameter {
                        name: name.filter(|name| name != "_"),
                        type_: self.type_(type_.unwrap_or(child), 0),
                        text: self.text(child),
                        place: self.place(child),
                    });
                }
            }
        }
        signature
    }

    fn type_(&self, node: Node<'t>, depth: usize) -> Type {
        let written = self.text(node);
        let unknown = |why: &str| Type::Unknown(format!("`{written}` {why}"));
        if depth > 16 {
            return unknown("goes round in a circle");
        }
        let inner = |node| self.type_(node, depth + 1);
        match node.kind() {
            "unit_type" | "never_type" => Type::Void,
            "pointer_type" | "reference_type" => {
                let Some(to) = field(node, "type") else {
                    return unknown("points to nothing");
                };
                if to.kind() == "array_type" && field(to, "length").is_none() {
                    return unknown("is a slice: an address and a length, which C does not know");
                }
                if to.kind() == "primitive_type" && self.text(to) == "str" {
                    return unknown("is an address and a length, which C does not know");
                }
                let mutable = children(node)
                    .iter()
                    .any(|c| c.kind() == "mutable_specifier");
                Type::Pointer {
                    to: Box::new(inner(to)),
                    constant: Some(!mutable),
                }
            }
            "array_type" => Type::Array {
                of: Box::new(field(node, "element").map_or(Type::Void, inner)),
                length: field(node, "length").and_then(|l| self.text(l).parse().ok()),
            },
            "function_type" => Type::Function(Box::new(self.signature(node))),
            "generic_type" => {
                let name = field(node, "type").map_or_else(String::new, |n| last_of(&self.text(n)));
                let argument = field(node, "type_arguments")
                    .and_then(|arguments| children(arguments).first().copied());
                match (name.as_str(), argument) {
                    ("Option" | "MaybeUninit" | "Cell" | "UnsafeCell", Some(of)) => inner(of),
                    ("NonNull" | "Box", Some(of)) => Type::pointer(inner(of)),
                    _ => unknown("has no counterpart in C"),
                }
            }
            "primitive_type" | "type_identifier" | "scoped_type_identifier" | "identifier" => {
                let name = last_of(&written);
                if let Some(alias) = self.aliases.get(&name) {
                    return inner(*alias);
                }
                let name = self.renamed.get(&name).cloned().unwrap_or(name);
                named(&name).unwrap_or(Type::Struct(name))
            }
            _ => unknown("is a type this checker does not know"),
        }
    }

    fn struct_(&mut self, node: Node<'t>, attributes: &[String]) {
        let Some(name) = field(node, "name").map(|name| self.text(name)) else {
            return;
        };
        let reprs: Vec<&String> = attributes.iter().filter(|a| a.contains("repr")).collect();
        let words: Vec<&str> = reprs
            .iter()
            .flat_map(|repr| repr.split(|c: char| !c.is_alphanumeric()))
            .collect();
        let mut order = if words.contains(&"C") || words.contains(&"transparent") {
            Order::C
        } else {
            Order::Rust
        };
        if node.kind() == "union_item" {
            order = Order::Other;
        }
        let after = |word: &str| {
            let at = words.iter().position(|&w| w == word)?;
            Some(words.get(at + 1).and_then(|next| next.parse().ok()))
        };
        let pack = after("packed").map(|number: Option<usize>| number.unwrap_or(1));
        let body = field(node, "body").map_or_else(Vec::new, children);
        let tuple = field(node, "body").is_some_and(|b| b.kind().starts_with("ordered"));
        let mut list = Vec::new();
        for child in body {
            let type_ = match child.kind() {
                "field_declaration" => field(child, "type"),
                "visibility_modifier" | "attribute_item" => None,
                _ => Some(child).filter(|_| tuple),
            };
            let Some(type_) = type_ else { continue };
            list.push(Parameter {
                name: field(child, "name")
                    .filter(|_| !tuple)
                    .map(|n| self.text(n)),
                type_: self.type_(type_, 0),
                text: self.text(child),
                place: self.place(child),
            });
        }
        // `struct Handle { _private: [u8; 0] }` is how Rust writes an opaque type.
        let hidden = list.iter().all(|field| {
            let is_empty = matches!(
                field.type_,
                Type::Array {
                    length: Some(0),
                    ..
                }
            );
            is_empty || field.text.contains("PhantomData")
        });
        let fields = Some(list).filter(|_| !hidden);
        self.insert(name, fields, order, pack, node);
    }

    fn insert(
        &mut self,
        name: String,
        fields: Option<Vec<Parameter>>,
        order: Order,
        pack: Option<usize>,
        node: Node<'t>,
    ) {
        let struct_ = Struct {
            name: name.clone(),
            fields,
            pack,
            order,
            caller: Caller::Blind,
            place: self.place(field(node, "name").unwrap_or(node)),
            text: self.text(node),
        };
        self.found.structs.insert(name, struct_);
    }
}

/// The last part of a path.
fn last_of(path: &str) -> String {
    path.rsplit("::").next().unwrap_or(path).to_owned()
}

/// The types of the language, of `std::ffi` and of the crate libc.
fn named(name: &str) -> Option<Type> {
    if let Some(type_) = Type::of_stdint(name) {
        return Some(type_);
    }
    Some(match name {
        "c_void" => Type::Void,
        "i8" | "c_schar" => Type::int(1),
        "i16" | "c_short" => Type::int(2),
        "i32" | "c_int" => Type::int(4),
        "i64" | "c_longlong" => Type::int(8),
        "isize" => Type::int(size_of::<usize>()),
        "u8" | "c_uchar" => Type::unsigned(1),
        "u16" | "c_ushort" => Type::unsigned(2),
        "u32" | "c_uint" => Type::unsigned(4),
        "u64" | "c_ulonglong" => Type::unsigned(8),
        "usize" => Type::unsigned(size_of::<usize>()),
        "i128" => Type::int(16),
        "u128" => Type::unsigned(16),
        "c_char" => Type::CHAR,
        "c_long" => Type::long(true),
        "c_ulong" => Type::long(false),
        "f32" | "c_float" => Type::Float { bytes: 4 },
        "f64" | "c_double" => Type::Float { bytes: 8 },
        // Four bytes for one Unicode character: not C's `char`.
        "char" => Type::unsigned(4),
        _ => return None,
    })
}
