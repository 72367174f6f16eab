//! Reads C declarations: a header, or what a learner gives to cffi's `cdef`.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::{children, field, fields, parse, squeezed, too_deep};
use crate::model::{
    Caller, Declarations, Function, Order, Parameter, Parameters, Signature, Struct, Type, Unseen,
};
use crate::source::{Excerpt, Place, Source};

/// Reads the excerpts of one file in order: a later one knows the types of
/// those before it, as cffi's `cdef` does.
pub(crate) struct Reader<'s> {
    source: &'s Source,
    typedefs: BTreeMap<String, Type>,
    found: Declarations,
}

impl<'s> Reader<'s> {
    pub fn new(source: &'s Source) -> Self {
        Self {
            source,
            typedefs: BTreeMap::new(),
            found: Declarations::default(),
        }
    }

    pub fn read(&mut self, mut excerpt: Excerpt, caller: Caller) {
        let dots = prepare(&mut excerpt);
        let Some(tree) = parse(&tree_sitter_c::LANGUAGE.into(), &excerpt.text) else {
            let place = self.source.place(excerpt.in_file(0));
            self.found.unseen.push(too_deep(place));
            return;
        };
        let mut part = Part {
            reader: self,
            excerpt: &excerpt,
            dots,
            caller,
        };
        part.items(tree.root_node());
    }

    pub fn finish(self) -> Declarations {
        self.found
    }
}

/// Where cffi's `...` stood for something that C cannot say.
#[derive(Default)]
struct Dots {
    /// `typedef ... name;`: a type that only the library knows.
    opaque: Vec<usize>,
    /// `struct { ...; }`: there are more fields, and the compiler knows them.
    partial: Vec<usize>,
}

/// Blanks out what is not C for a C parser, or says nothing here: the parts for
/// C++ compilers, macros, and the `...` of cffi.
fn prepare(excerpt: &mut Excerpt) -> Dots {
    for range in for_cpp_only(&excerpt.text)
        .into_iter()
        .chain(macros(&excerpt.text))
    {
        excerpt.blank(range);
    }
    let mut dots = Dots::default();
    let mut from = 0;
    while let Some(found) = excerpt.text[from..].find("...") {
        let at = from + found;
        from = at + 3;
        let before = excerpt.text[..at].trim_end();
        let after = excerpt.text[from..].trim_start();
        if before.ends_with("typedef") {
            dots.opaque.push(at);
            excerpt.text.replace_range(at..from, "int");
        } else if after.starts_with(';') && (before.ends_with(';') || before.ends_with('{')) {
            dots.partial.push(at);
            let semicolon = excerpt.text.len() - after.len();
            excerpt.blank(at..semicolon + 1);
        } else if !after.starts_with(')') {
            excerpt.blank(at..from);
        }
    }
    dots
}

/// The ranges between `#ifdef __cplusplus` and its `#else` or `#endif`.
fn for_cpp_only(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    let mut depth = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let directive = line.trim().strip_prefix('#').map(str::trim_start);
        if let Some(directive) = directive {
            let opens = directive.starts_with("if");
            if start.is_some() {
                if opens {
                    depth += 1;
                } else if directive.starts_with("endif") && depth > 0 {
                    depth -= 1;
                } else if directive.starts_with("endif") {
                    ranges.extend(start.take().map(|start| start..end));
                }
            } else if opens && !directive.contains('!') && !directive.starts_with("ifndef") {
                start = directive.contains("__cplusplus").then_some(at);
            }
        }
        at = end;
    }
    ranges
}

/// The ranges of the `#define`s, each with the lines that continue it.
fn macros(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut continued = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let directive = line.trim().strip_prefix('#').map(str::trim_start);
        if continued || directive.is_some_and(|directive| directive.starts_with("define")) {
            ranges.push(at..at + line.len());
            continued = line.trim_end().ends_with('\\');
        }
        at += line.len();
    }
    ranges
}

/// One excerpt on its way into the reader.
struct Part<'r, 's, 'e> {
    reader: &'r mut Reader<'s>,
    excerpt: &'e Excerpt,
    dots: Dots,
    caller: Caller,
}

impl<'t> Part<'_, '_, '_> {
    /// As it is written, without its comments.
    fn text(&self, node: Node<'t>) -> String {
        let text = &self.excerpt.text;
        let mut kept = String::new();
        let mut from = node.start_byte();
        for comment in comments(node) {
            kept.push_str(&text[from..comment.start]);
            kept.push(' ');
            from = comment.end;
        }
        kept.push_str(&text[from..node.end_byte()]);
        squeezed(&kept)
    }

    fn place(&self, node: Node<'t>) -> Place {
        let byte = self.excerpt.in_file(node.start_byte());
        self.reader.source.place(byte)
    }

    fn unseen(&mut self, node: Node<'t>, why: &str, broken: bool) {
        let unseen = Unseen {
            place: self.place(node),
            text: self.text(node),
            why: why.to_owned(),
            broken,
        };
        self.reader.found.unseen.push(unseen);
    }

    fn items(&mut self, parent: Node<'t>) {
        for node in children(parent) {
            if !node.kind().starts_with("preproc") && !node.kind().starts_with("linkage") {
                self.report_errors(node);
            }
            match node.kind() {
                "declaration" => self.declaration(node),
                "type_definition" => self.typedef(node),
                "struct_specifier" | "union_specifier" | "enum_specifier" => {
                    self.base(node);
                }
                // The learner's own functions, which the library calls.
                "linkage_specification" => {
                    let language = field(node, "value").map(|value| self.text(value));
                    if !language.is_some_and(|language| language.contains("Python")) {
                        self.items(node);
                    }
                }
                "declaration_list" | "preproc_ifdef" | "preproc_if" | "preproc_else" => {
                    self.items(node);
                }
                _ => {}
            }
        }
    }

    /// The first thing in this declaration that the parser could not place.
    fn report_errors(&mut self, node: Node<'t>) {
        if node.is_missing() {
            let what = format!("`{}` is missing here.", node.kind());
            let unseen = Unseen {
                place: self.place(node),
                text: self.text(node.parent().unwrap_or(node)),
                why: what,
                broken: true,
            };
            self.reader.found.unseen.push(unseen);
        } else if node.is_error() {
            self.unseen(node, "This is not a C declaration.", true);
        } else if node.has_error() {
            let mut cursor = node.walk();
            let inner = node
                .children(&mut cursor)
                .find(|child| child.has_error() || child.is_missing());
            if let Some(inner) = inner {
                self.report_errors(inner);
            }
        }
    }

    fn declaration(&mut self, node: Node<'t>) {
        let base = self.base_of(node);
        for declarator in fields(node, "declarator") {
            let constant = self.is_constant(node);
            let (name, type_, _) = self.declare(Some(declarator), base.clone(), constant);
            let (Some(name), Type::Function(signature)) = (name, type_) else {
                continue; // a variable of the library
            };
            let result_text = &self.excerpt.text[node.start_byte()..name.start_byte()];
            let result_text = squeezed(result_text).replace("extern ", "");
            let function = Function {
                name: self.text(name),
                parameters: Parameters::Listed(signature.parameters),
                result: Some(Parameter {
                    name: None,
                    type_: signature.result,
                    text: result_text,
                    place: self.place(node),
                }),
                variadic: signature.variadic,
                caller: self.caller,
                place: self.place(name),
                text: self.text(node).trim_end_matches(';').to_owned(),
            };
            self.reader.found.functions.push(function);
        }
    }

    fn typedef(&mut self, node: Node<'t>) {
        let declarators = fields(node, "declarator");
        let Some(specifier) = field(node, "type") else {
            return;
        };
        let opaque = self
            .dots
            .opaque
            .iter()
            .any(|&at| specifier.start_byte() == at);
        // A struct without a tag goes by its typedef's name.
        let untagged = matches!(specifier.kind(), "struct_specifier" | "union_specifier")
            && field(specifier, "name").is_none();
        let base = match declarators.first() {
            Some(first) if opaque || untagged => {
                let name = self.text(*first).replace(['*', ' '], "");
                if opaque {
                    self.mention(&name, node);
                } else {
                    self.define_struct(specifier, &name);
                    let text = self.text(node).trim_end_matches(';').to_owned();
                    if let Some(struct_) = self.reader.found.structs.get_mut(&name) {
                        struct_.text = text;
                    }
                }
                Type::Struct(name)
            }
            _ => self.base(specifier),
        };
        let constant = self.is_constant(node);
        for declarator in declarators {
            let (name, type_, _) = self.declare(Some(declarator), base.clone(), constant);
            if let Some(name) = name {
                let name = self.text(name);
                self.reader.typedefs.insert(name, type_);
            }
        }
    }

    /// A struct of which only the name is known so far.
    fn mention(&mut self, name: &str, node: Node<'t>) {
        let opaque = Struct {
            name: name.to_owned(),
            fields: None,
            pack: None,
            order: Order::C,
            caller: self.caller,
            place: self.place(node),
            text: self.text(node).trim_end_matches(';').to_owned(),
        };
        self.reader
            .found
            .structs
            .entry(name.to_owned())
            .or_insert(opaque);
    }

    fn define_struct(&mut self, node: Node<'t>, name: &str) {
        let Some(body) = field(node, "body") else {
            self.mention(name, node);
            return;
        };
        let mut order = match node.kind() {
            "union_specifier" => Order::Other,
            _ => Order::C,
        };
        let dots = &self.dots.partial;
        if dots.iter().any(|at| body.byte_range().contains(at)) {
            order = Order::Compiler;
        }
        let mut list = Vec::new();
        for line in children(body) {
            if line.kind() != "field_declaration" {
                continue;
            }
            if children(line).iter().any(|c| c.kind() == "bitfield_clause") {
                order = Order::Other;
            }
            let base = self.base_of(line);
            let constant = self.is_constant(line);
            for declarator in fields(line, "declarator") {
                let (name, type_, _) = self.declare(Some(declarator), base.clone(), constant);
                list.push(Parameter {
                    name: name.map(|name| self.text(name)),
                    type_,
                    text: self.text(line).trim_end_matches(';').to_owned(),
                    place: self.place(declarator),
                });
            }
        }
        let struct_ = Struct {
            name: name.to_owned(),
            fields: Some(list),
            pack: None,
            order,
            caller: self.caller,
            place: self.place(node),
            text: self.text(node),
        };
        self.reader.found.structs.insert(name.to_owned(), struct_);
    }

    fn is_constant(&self, node: Node<'t>) -> bool {
        children(node)
            .iter()
            .any(|child| child.kind() == "type_qualifier" && self.text(*child) == "const")
    }

    fn base_of(&mut self, node: Node<'t>) -> Type {
        match field(node, "type") {
            Some(specifier) => self.base(specifier),
            None => Type::Unknown("no type is given".to_owned()),
        }
    }

    /// The type that stands before the declarators.
    fn base(&mut self, node: Node<'t>) -> Type {
        let text = self.text(node);
        match node.kind() {
            "primitive_type" | "sized_type_specifier" | "type_identifier" => {
                let typedef = self.reader.typedefs.get(&text).cloned();
                typedef
                    .or_else(|| plain(&text))
                    .unwrap_or(Type::Undeclared(text))
            }
            "enum_specifier" => Type::unsigned(4),
            "struct_specifier" | "union_specifier" => {
                let name = match field(node, "name") {
                    Some(name) => self.text(name),
                    None => format!("struct at {}", self.place(node)),
                };
                self.define_struct(node, &name);
                Type::Struct(name)
            }
            _ => Type::Unknown(format!("`{text}` is a type this checker does not know")),
        }
    }

    /// What a declarator makes of the type before it, and whether that, or what
    /// an array consists of, is const. C writes them inside out: the outermost
    /// node is applied first.
    fn declare(
        &mut self,
        declarator: Option<Node<'t>>,
        type_: Type,
        constant: bool,
    ) -> (Option<Node<'t>>, Type, bool) {
        let Some(node) = declarator else {
            return (None, type_, constant);
        };
        let inner = field(node, "declarator").or_else(|| {
            children(node)
                .into_iter()
                .find(|child| child.kind().ends_with("declarator"))
        });
        match node.kind() {
            "pointer_declarator" | "abstract_pointer_declarator" => {
                let pointer = match type_ {
                    Type::Function(signature) => Type::Function(signature),
                    to => Type::Pointer {
                        to: Box::new(to),
                        constant: Some(constant),
                    },
                };
                let constant = self.is_constant(node);
                self.declare(inner, pointer, constant)
            }
            "array_declarator" | "abstract_array_declarator" => {
                let length = field(node, "size").and_then(|size| self.text(size).parse().ok());
                let array = Type::Array {
                    of: Box::new(type_),
                    length,
                };
                self.declare(inner, array, constant)
            }
            "function_declarator" | "abstract_function_declarator" => {
                let signature = self.signature(node, type_);
                self.declare(inner, Type::Function(Box::new(signature)), false)
            }
            kind if kind.ends_with("identifier") || kind == "primitive_type" => {
                (Some(node), type_, constant)
            }
            _ => self.declare(inner, type_, constant),
        }
    }

    fn signature(&mut self, node: Node<'t>, result: Type) -> Signature {
        let mut signature = Signature {
            parameters: Vec::new(),
            result,
            variadic: false,
        };
        let list = field(node, "parameters").map_or_else(Vec::new, children);
        for parameter in list {
            match parameter.kind() {
                "variadic_parameter" => signature.variadic = true,
                "parameter_declaration" => {
                    let base = self.base_of(parameter);
                    let constant = self.is_constant(parameter);
                    let declarator = field(parameter, "declarator");
                    let (name, type_, constant) = self.declare(declarator, base, constant);
                    let type_ = match type_ {
                        Type::Array { of, .. } => Type::Pointer {
                            to: of,
                            constant: Some(constant),
                        },
                        other => other,
                    };
                    if type_ == Type::Void {
                        continue; // `(void)`
                    }
                    signature.parameters.push(Parameter {
                        name: name.map(|name| self.text(name)),
                        type_,
                        text: self.text(parameter),
                        place: self.place(parameter),
                    });
                }
                _ => {}
            }
        }
        signature
    }
}

fn comments(node: Node<'_>) -> Vec<std::ops::Range<usize>> {
    if node.kind() == "comment" {
        return vec![node.byte_range()];
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .flat_map(comments)
        .collect()
}

/// The types that C has by itself and in its standard headers.
fn plain(text: &str) -> Option<Type> {
    if let Some(type_) = Type::of_stdint(text) {
        return Some(type_);
    }
    match text {
        "void" => return Some(Type::Void),
        "float" => return Some(Type::Float { bytes: 4 }),
        "double" => return Some(Type::Float { bytes: 8 }),
        "long double" => return Some(Type::Float { bytes: 16 }),
        "FILE" => return Some(Type::Struct("FILE".to_owned())),
        "wchar_t" => return Some(Type::INT),
        _ => {}
    }
    // `unsigned long long int`, in any order.
    let words: Vec<&str> = text.split(' ').collect();
    let count = |word| words.iter().filter(|&&w| w == word).count();
    let known = ["unsigned", "signed", "short", "long", "char", "int"];
    if !words.iter().all(|word| known.contains(word)) {
        return None;
    }
    let signed = count("unsigned") == 0;
    Some(match (count("char"), count("short"), count("long")) {
        (1, ..) if words.len() == 1 => Type::CHAR,
        (1, ..) => Type::Int { bytes: 1, signed },
        (_, 1, _) => Type::Int { bytes: 2, signed },
        (_, _, 1) => Type::long(signed),
        (_, _, 2) => Type::Int { bytes: 8, signed },
        _ => Type::Int { bytes: 4, signed },
    })
}
