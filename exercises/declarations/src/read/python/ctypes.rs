//! What a Python file tells ctypes, and what it forgets to tell.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::File;
use super::names::{pairs, walk};
use crate::model::{
    Caller, Declarations, Function, Order, Parameter, Parameters, Signature, Struct, Type,
};
use crate::read::{children, field};

pub(super) fn read(file: &File<'_>) -> Declarations {
    let mut reader = Reader {
        file,
        functions: Vec::new(),
        classes: BTreeMap::new(),
        found: Declarations::default(),
    };
    let nodes = walk(file.root);
    for &node in &nodes {
        if node.kind() == "class_definition" {
            reader.class(node);
        }
    }
    for &node in &nodes {
        match node.kind() {
            "assignment" => reader.assignment(node),
            "attribute" => reader.use_of(node),
            "call" => reader.call(node),
            _ => {}
        }
    }
    reader.finish()
}

/// The libraries' openers.
const OPENERS: [&str; 5] = [
    "ctypes.CDLL",
    "ctypes.PyDLL",
    "ctypes.WinDLL",
    "ctypes.cdll.LoadLibrary",
    "numpy.ctypeslib.load_library",
];

struct Reader<'f, 't> {
    file: &'f File<'t>,
    functions: Vec<Told<'t>>,
    /// The classes that are structs, and where they say which fields they have.
    classes: BTreeMap<String, Class<'t>>,
    found: Declarations,
}

/// What was told about a function.
struct Told<'t> {
    name: String,
    first: Node<'t>,
    argtypes: Option<(Node<'t>, Node<'t>)>,
    restype: Option<(Node<'t>, Node<'t>)>,
}

struct Class<'t> {
    node: Node<'t>,
    parent: Option<String>,
    fields: Option<Node<'t>>,
    pack: Option<Node<'t>>,
    order: Order,
}

impl<'t> Reader<'_, 't> {
    fn told(&mut self, name: String, at: Node<'t>) -> &mut Told<'t> {
        let index = match self.functions.iter().position(|told| told.name == name) {
            Some(index) => index,
            None => {
                self.functions.push(Told {
                    name,
                    first: at,
                    argtypes: None,
                    restype: None,
                });
                self.functions.len() - 1
            }
        };
        &mut self.functions[index]
    }

    fn unseen(&mut self, node: Node<'t>, why: &str) {
        let unseen = self.file.unseen(node, why);
        self.found.unseen.push(unseen);
    }

    fn assignment(&mut self, node: Node<'t>) {
        let (Some(left), Some(mut right)) = (field(node, "left"), field(node, "right")) else {
            return;
        };
        while let Some(value) = field(right, "right").filter(|_| right.kind() == "assignment") {
            right = value;
        }
        for (target, value) in pairs(left, right) {
            let parts = field(target, "object").zip(field(target, "attribute"));
            let Some((object, attribute)) = parts.filter(|_| target.kind() == "attribute") else {
                continue;
            };
            let attribute = self.file.text(attribute);
            match attribute.as_str() {
                "argtypes" | "restype" => {
                    let Some(name) = self.function_name(object) else {
                        self.unseen(
                            target,
                            "Which function this is for is known only when the program runs, \
                             so it is not checked.",
                        );
                        continue;
                    };
                    let Some(value) = value else {
                        self.unseen(node, "The value is made when the program runs.");
                        continue;
                    };
                    let told = self.told(name, target);
                    let place = Some((target, value));
                    if attribute == "argtypes" {
                        told.argtypes = place.filter(|_| value.kind() != "none");
                    } else {
                        told.restype = place;
                    }
                }
                "_fields_" | "_pack_" => {
                    let name = self.file.text(object);
                    if let Some(class) = self.classes.get_mut(&name) {
                        if attribute == "_fields_" {
                            class.fields = value;
                        } else {
                            class.pack = value;
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The C function that an expression is: `lib.f`, `lib["f"]`,
    /// `getattr(lib, "f")`, or a name for one of these.
    fn function_name(&self, node: Node<'t>) -> Option<String> {
        let node = self.file.names.resolve(node);
        match node.kind() {
            "attribute" => Some(self.file.text(field(node, "attribute")?)),
            "subscript" => self.string(field(node, "subscript")?),
            "call" => {
                let function = self.file.text(field(node, "function")?);
                let arguments = children(field(node, "arguments")?);
                self.string(*arguments.get(1).filter(|_| function == "getattr")?)
            }
            _ => None,
        }
    }

    fn string(&self, node: Node<'t>) -> Option<String> {
        Some(self.file.names.string(node)?.text)
    }

    fn is_library(&self, node: Node<'t>) -> bool {
        let mut node = self.file.names.resolve(node);
        for _ in 0..16 {
            let Some(function) = field(node, "function").filter(|_| node.kind() == "call") else {
                return false;
            };
            let path = self.file.names.imported(function);
            if path.is_some_and(|path| OPENERS.contains(&path.as_str())) {
                return true;
            }
            // A function of the file's own that opens it.
            match self.file.names.result(node) {
                Some(result) => node = self.file.names.resolve(result),
                None => return false,
            }
        }
        false
    }

    /// A function that is taken from a library counts, also when nothing is
    /// told about it: that is what a learner forgets.
    fn use_of(&mut self, node: Node<'t>) {
        let Some((object, name)) = field(node, "object").zip(field(node, "attribute")) else {
            return;
        };
        let name = self.file.text(name);
        if !name.starts_with('_') && self.is_library(object) {
            self.told(name, node);
        }
    }

    /// `CFUNCTYPE(c_double, c_double)(("f", lib))` is a declaration too.
    fn call(&mut self, node: Node<'t>) {
        let Some(prototype) = field(node, "function").map(|f| self.file.names.resolve(f)) else {
            return;
        };
        if !self.makes_prototype(prototype) {
            return;
        }
        let arguments = field(node, "arguments").map_or_else(Vec::new, children);
        let spec = arguments.first().filter(|first| first.kind() == "tuple");
        let name = spec
            .and_then(|spec| children(*spec).first().copied())
            .and_then(|name| self.string(name));
        let (Some(name), Type::Function(signature)) = (name, self.type_(prototype)) else {
            return; // a callback made from a Python function
        };
        let function = Function {
            name,
            result: Some(Parameter {
                name: None,
                type_: signature.result,
                text: self.file.text(prototype),
                place: self.file.place(prototype),
            }),
            parameters: Parameters::Listed(signature.parameters),
            variadic: false,
            caller: Caller::Ctypes,
            place: self.file.place(node),
            text: self.file.text(node),
        };
        self.found.functions.push(function);
    }

    fn makes_prototype(&self, node: Node<'t>) -> bool {
        node.kind() == "call"
            && field(node, "function")
                .and_then(|function| self.file.names.imported(function))
                .is_some_and(|path| is_prototype(&path))
    }

    fn finish(mut self) -> Declarations {
        for told in std::mem::take(&mut self.functions) {
            let function = self.function(&told);
            self.found.functions.push(function);
        }
        let classes: Vec<String> = self.classes.keys().cloned().collect();
        for name in classes {
            let struct_ = self.struct_(&name);
            self.found.structs.insert(name, struct_);
        }
        self.found
    }

    fn function(&mut self, told: &Told<'t>) -> Function {
        let mut lines = Vec::new();
        for (target, value) in [told.argtypes, told.restype].into_iter().flatten() {
            let target = self.file.text(target);
            lines.push(format!("{target} = {}", self.file.text(value)));
        }
        let mut parameters = Parameters::NotTold;
        if let Some((_, value)) = told.argtypes {
            match self.list(value, 0) {
                Some(nodes) => {
                    let list = nodes.into_iter().map(|node| self.parameter(node, None));
                    parameters = Parameters::Listed(list.collect());
                }
                None => {
                    parameters = Parameters::Unseen;
                    self.unseen(
                        value,
                        "This list is made when the program runs, so its types cannot be seen here.",
                    );
                }
            }
        }
        Function {
            name: told.name.clone(),
            parameters,
            result: told.restype.map(|(_, value)| self.parameter(value, None)),
            variadic: false,
            caller: Caller::Ctypes,
            place: self.file.place(told.first),
            text: if lines.is_empty() {
                self.file.text(told.first)
            } else {
                lines.join("; ")
            },
        }
    }

    fn parameter(&self, node: Node<'t>, name: Option<String>) -> Parameter {
        Parameter {
            name,
            type_: self.type_(node),
            text: self.file.text(node),
            place: self.file.place(node),
        }
    }

    /// The elements of a list that is written down, also as `[a] * 3 + [b]`.
    fn list(&self, node: Node<'t>, depth: usize) -> Option<Vec<Node<'t>>> {
        if depth > 16 {
            return None;
        }
        let node = self.file.names.resolve(node);
        match node.kind() {
            "list" | "tuple" => {
                let mut elements = Vec::new();
                for element in children(node) {
                    match element.kind() {
                        "list_splat" => {
                            let inner = children(element).first().copied()?;
                            elements.extend(self.list(inner, depth + 1)?);
                        }
                        _ => elements.push(element),
                    }
                }
                Some(elements)
            }
            "binary_operator" => {
                let (left, right) = (field(node, "left")?, field(node, "right")?);
                match self.file.text(field(node, "operator")?).as_str() {
                    "+" => {
                        let mut both = self.list(left, depth + 1)?;
                        both.extend(self.list(right, depth + 1)?);
                        Some(both)
                    }
                    "*" => {
                        let times = |side| self.number(side).filter(|&times| times <= 1000);
                        let (list, times) = match times(right) {
                            Some(times) => (left, times),
                            None => (right, times(left)?),
                        };
                        Some(self.list(list, depth + 1)?.repeat(times))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn number(&self, node: Node<'t>) -> Option<usize> {
        let node = self.file.names.resolve(node);
        self.file.text(node).replace('_', "").parse().ok()
    }

    fn type_(&self, node: Node<'t>) -> Type {
        self.type_within(node, 0)
    }

    fn type_within(&self, node: Node<'t>, depth: usize) -> Type {
        let written = self.file.text(node);
        let unknown = || {
            Type::Unknown(format!(
                "what `{written}` is can be known only when the program runs"
            ))
        };
        if depth > 16 {
            return unknown();
        }
        let node = self.file.names.resolve(node);
        match node.kind() {
            "none" => Type::Void,
            "identifier" if self.classes.contains_key(&self.file.text(node)) => {
                Type::Struct(self.file.text(node))
            }
            "identifier" | "attribute" => {
                let path = self.file.names.imported(node);
                path.and_then(|path| named(&path)).unwrap_or_else(unknown)
            }
            "binary_operator" => {
                let sides = field(node, "left").zip(field(node, "right"));
                let operator = field(node, "operator").map(|o| self.file.text(o));
                match sides.filter(|_| operator.as_deref() == Some("*")) {
                    Some((of, length)) => Type::Array {
                        of: Box::new(self.type_within(of, depth + 1)),
                        length: self.number(length),
                    },
                    None => unknown(),
                }
            }
            "call" => self.made(node, depth).unwrap_or_else(unknown),
            _ => unknown(),
        }
    }

    /// A type that a call makes: `POINTER(c_double)`, `CFUNCTYPE(...)`,
    /// `ndpointer(dtype=...)`.
    fn made(&self, call: Node<'t>, depth: usize) -> Option<Type> {
        let path = self.file.names.imported(field(call, "function")?)?;
        let arguments = children(field(call, "arguments")?);
        let positional: Vec<_> = arguments
            .iter()
            .copied()
            .filter(|argument| argument.kind() != "keyword_argument")
            .collect();
        if is_prototype(&path) {
            let mut types = positional.into_iter();
            let result = self.type_within(types.next()?, depth + 1);
            let parameters = types
                .map(|node| Parameter {
                    name: None,
                    type_: self.type_within(node, depth + 1).into_parameter(),
                    text: self.file.text(node),
                    place: self.file.place(node),
                })
                .collect();
            return Some(Type::Function(Box::new(Signature {
                parameters,
                result,
                variadic: false,
            })));
        }
        match path.as_str() {
            "ctypes.POINTER" => {
                let to = self.type_within(*positional.first()?, depth + 1);
                Some(match to {
                    Type::Function(signature) => Type::Function(signature),
                    to => pointer(to),
                })
            }
            "numpy.ctypeslib.ndpointer" => {
                let by_name = arguments.iter().find_map(|&argument| {
                    let name = field(argument, "name")?;
                    field(argument, "value").filter(|_| self.file.text(name) == "dtype")
                });
                // Without a dtype, any array is let through.
                let dtype = by_name.or(positional.first().copied());
                Some(pointer(match dtype {
                    Some(dtype) => self.dtype(dtype, depth)?,
                    None => Type::Void,
                }))
            }
            _ => None,
        }
    }

    /// What the elements of an array are: `np.float64`, `"float64"`, `float`.
    fn dtype(&self, node: Node<'t>, depth: usize) -> Option<Type> {
        if let Some(name) = self.string(node) {
            return dtype_named(&name);
        }
        let resolved = self.file.names.resolve(node);
        if resolved.kind() == "none" {
            return Some(Type::Void);
        }
        if resolved.kind() == "call" {
            let inner = children(field(resolved, "arguments")?).first().copied()?;
            let function = self.file.names.imported(field(resolved, "function")?)?;
            return self
                .dtype(inner, depth + 1)
                .filter(|_| function == "numpy.dtype" && depth < 8);
        }
        let path = self.file.names.imported(node).unwrap_or_default();
        match path.strip_prefix("numpy.") {
            Some(name) => dtype_named(name),
            None => named(&path).or_else(|| dtype_named(&self.file.text(resolved))),
        }
    }

    fn class(&mut self, node: Node<'t>) {
        let Some(name) = field(node, "name").map(|name| self.file.text(name)) else {
            return;
        };
        let parents = field(node, "superclasses").map_or_else(Vec::new, children);
        for parent in parents {
            let known = self.file.text(parent);
            let path = self.file.names.imported(parent);
            let (parent, order) = match path.as_deref() {
                Some("ctypes.Structure") => (None, Order::C),
                Some("ctypes.Union") => (None, Order::Other),
                Some("ctypes.BigEndianStructure") => (None, swapped(cfg!(target_endian = "big"))),
                Some("ctypes.LittleEndianStructure") => {
                    (None, swapped(cfg!(target_endian = "little")))
                }
                _ => match self.classes.get(&known) {
                    Some(class) => (Some(known), class.order),
                    None => continue,
                },
            };
            let mut class = Class {
                node,
                parent,
                fields: None,
                pack: None,
                order,
            };
            let body = field(node, "body").map_or_else(Vec::new, children);
            for line in body.into_iter().flat_map(children) {
                let sides = field(line, "left").zip(field(line, "right"));
                match sides.map(|(left, right)| (self.file.text(left), right)) {
                    Some((name, value)) if name == "_fields_" => class.fields = Some(value),
                    Some((name, value)) if name == "_pack_" => class.pack = Some(value),
                    _ => {}
                }
            }
            self.classes.insert(name, class);
            return;
        }
    }

    fn struct_(&mut self, name: &str) -> Struct {
        let class = &self.classes[name];
        let (node, mut order, pack) = (class.node, class.order, class.pack);
        let mut chain = vec![name.to_owned()];
        let mut parent = class.parent.clone();
        while let Some(next) = parent.filter(|next| !chain.contains(next)) {
            parent = self.classes[&next].parent.clone();
            chain.push(next);
        }
        let mut all = Some(Vec::new());
        let mut text = format!("class {name}");
        // The fields of a parent class come first.
        for class in chain.iter().rev() {
            let Some(value) = self.classes[class].fields else {
                all = all.filter(|_| chain.len() > 1);
                continue;
            };
            text = format!("{text}: {}", self.file.text(value));
            let Some(elements) = self.list(value, 0) else {
                self.unseen(
                    value,
                    "These fields are made when the program runs, so they cannot be seen here.",
                );
                order = Order::Other;
                continue;
            };
            for element in elements {
                let parts = children(self.file.names.resolve(element));
                let Some((&name, &type_)) = parts.first().zip(parts.get(1)) else {
                    self.unseen(element, "This is not a field: a pair of name and type is.");
                    continue;
                };
                if parts.len() > 2 {
                    order = Order::Other; // bit fields
                }
                let mut parameter = self.parameter(type_, self.string(name));
                parameter.text = self.file.text(element);
                parameter.place = self.file.place(element);
                all.get_or_insert_default().push(parameter);
            }
        }
        if let Some(pack) = pack {
            text = format!("{text}; _pack_ = {}", self.file.text(pack));
        }
        Struct {
            name: name.to_owned(),
            fields: all,
            pack: pack.and_then(|pack| self.number(pack)),
            order,
            caller: Caller::Ctypes,
            place: self.file.place(field(node, "name").unwrap_or(node)),
            text,
        }
    }
}

fn swapped(native: bool) -> Order {
    if native {
        Order::C
    } else {
        Order::SwappedBytes
    }
}

fn is_prototype(path: &str) -> bool {
    matches!(
        path,
        "ctypes.CFUNCTYPE" | "ctypes.PYFUNCTYPE" | "ctypes.WINFUNCTYPE"
    )
}

/// A pointer of which ctypes does not say whether it is const.
fn pointer(to: Type) -> Type {
    Type::Pointer {
        to: Box::new(to),
        constant: None,
    }
}

/// A type of ctypes by its full name.
fn named(path: &str) -> Option<Type> {
    let name = path.strip_prefix("ctypes.")?;
    Some(match name {
        "c_void_p" | "py_object" => pointer(Type::Void),
        "c_char_p" => pointer(Type::CHAR),
        "c_wchar_p" => pointer(Type::INT),
        "c_char" => Type::CHAR,
        "c_bool" => Type::Bool,
        "c_byte" | "c_int8" => Type::int(1),
        "c_ubyte" | "c_uint8" => Type::unsigned(1),
        "c_short" | "c_int16" => Type::int(2),
        "c_ushort" | "c_uint16" => Type::unsigned(2),
        "c_int" | "c_int32" | "c_wchar" => Type::INT,
        "c_uint" | "c_uint32" => Type::unsigned(4),
        "c_long" => Type::long(true),
        "c_ulong" => Type::long(false),
        "c_longlong" | "c_int64" => Type::int(8),
        "c_ulonglong" | "c_uint64" => Type::unsigned(8),
        "c_size_t" => Type::unsigned(size_of::<usize>()),
        "c_ssize_t" => Type::int(size_of::<usize>()),
        "c_float" => Type::Float { bytes: 4 },
        "c_double" => Type::Float { bytes: 8 },
        "c_longdouble" => Type::Float { bytes: 16 },
        _ => return None,
    })
}

fn dtype_named(name: &str) -> Option<Type> {
    Some(match name.trim_start_matches(['=', '<']) {
        "float64" | "double" | "float" | "f8" | "d" => Type::Float { bytes: 8 },
        "float32" | "single" | "f4" | "f" => Type::Float { bytes: 4 },
        "int8" | "byte" | "i1" | "b" => Type::int(1),
        "int16" | "short" | "i2" | "h" => Type::int(2),
        "int32" | "intc" | "i4" | "i" => Type::int(4),
        "int64" | "longlong" | "i8" | "q" => Type::int(8),
        "int" | "int_" | "intp" => Type::int(size_of::<usize>()),
        "long" | "l" => Type::long(true),
        "uint8" | "ubyte" | "u1" | "B" => Type::unsigned(1),
        "uint16" | "ushort" | "u2" | "H" => Type::unsigned(2),
        "uint32" | "uintc" | "u4" | "I" => Type::unsigned(4),
        "uint64" | "ulonglong" | "u8" | "Q" => Type::unsigned(8),
        "uint" | "uintp" => Type::unsigned(size_of::<usize>()),
        "ulong" | "L" => Type::long(false),
        "bool" | "bool_" | "?" => Type::Bool,
        _ => return None,
    })
}
