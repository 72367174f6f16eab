//! What a declaration says, whichever language it was written in.

use std::collections::BTreeMap;
use std::ffi::{c_char, c_long};

use crate::source::Place;

/// A type, as the machine sees it: two spellings of one type are equal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Void,
    Bool,
    Int {
        bytes: usize,
        signed: bool,
    },
    Float {
        bytes: usize,
    },
    Pointer {
        to: Box<Type>,
        /// Whether what it points to may be written; `None` where the language
        /// has no such thing (ctypes).
        constant: Option<bool>,
    },
    /// A pointer to a function.
    Function(Box<Signature>),
    Array {
        of: Box<Type>,
        length: Option<usize>,
    },
    /// A struct by its name in [`Declarations::structs`], which may lack it.
    Struct(String),
    /// A name that nothing declares.
    Undeclared(String),
    /// What the checker does not know, and why.
    Unknown(String),
}

impl Type {
    pub fn pointer(to: Type) -> Self {
        Self::Pointer {
            to: Box::new(to),
            constant: Some(false),
        }
    }

    pub const CHAR: Self = Self::Int {
        bytes: 1,
        signed: c_char::MIN < 0 as c_char,
    };
    pub const INT: Self = Self::int(4);

    pub const fn int(bytes: usize) -> Self {
        Self::Int {
            bytes,
            signed: true,
        }
    }

    pub const fn unsigned(bytes: usize) -> Self {
        Self::Int {
            bytes,
            signed: false,
        }
    }

    /// `long` has 8 bytes on Linux and macOS, 4 on Windows.
    pub const fn long(signed: bool) -> Self {
        Self::Int {
            bytes: size_of::<c_long>(),
            signed,
        }
    }

    /// The types of `<stdint.h>` and `<stddef.h>`, which every language here
    /// spells in its own way.
    pub fn of_stdint(name: &str) -> Option<Self> {
        Some(match name {
            "int8_t" => Self::int(1),
            "int16_t" => Self::int(2),
            "int32_t" => Self::int(4),
            "int64_t" => Self::int(8),
            "uint8_t" => Self::unsigned(1),
            "uint16_t" => Self::unsigned(2),
            "uint32_t" => Self::unsigned(4),
            "uint64_t" => Self::unsigned(8),
            "size_t" | "uintptr_t" => Self::unsigned(size_of::<usize>()),
            "ssize_t" | "intptr_t" | "ptrdiff_t" => Self::int(size_of::<usize>()),
            "bool" | "_Bool" => Self::Bool,
            _ => return None,
        })
    }

    /// The type that C passes when this is a parameter: an array is a pointer.
    pub fn into_parameter(self) -> Self {
        match self {
            Self::Array { of, .. } => Self::Pointer {
                to: of,
                constant: Some(false),
            },
            other => other,
        }
    }

    pub fn is_pointer(&self) -> bool {
        matches!(self, Self::Pointer { .. } | Self::Function(_))
    }
}

/// What a function takes and gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signature {
    pub parameters: Vec<Parameter>,
    pub result: Type,
    pub variadic: bool,
}

/// A parameter of a function, or a field of a struct.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub name: Option<String>,
    pub type_: Type,
    /// As it was written.
    pub text: String,
    pub place: Place,
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        self.type_ == other.type_
    }
}

/// A declared function.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub name: String,
    pub parameters: Parameters,
    /// `None` when ctypes is not told: then it takes it for an int.
    pub result: Option<Parameter>,
    pub variadic: bool,
    pub caller: Caller,
    pub place: Place,
    pub text: String,
}

/// Who makes the call from this declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody looks at the header: ctypes, cffi in ABI mode, Rust.
    Blind,
    /// ctypes, which looks at the Python values instead where it is told nothing.
    Ctypes,
    /// A C compiler that sees the header too: cffi in API mode.
    Compiler,
}

/// What is known of the parameters.
#[derive(Debug, Clone)]
pub(crate) enum Parameters {
    Listed(Vec<Parameter>),
    /// ctypes is not told.
    NotTold,
    /// ctypes is told, but the list is made when the program runs.
    Unseen,
}

/// A declared struct. An opaque one has no fields: only pointers to it exist.
#[derive(Debug, Clone)]
pub(crate) struct Struct {
    pub name: String,
    pub fields: Option<Vec<Parameter>>,
    /// The largest alignment a field may have (`_pack_`, `packed(n)`).
    pub pack: Option<usize>,
    pub order: Order,
    pub caller: Caller,
    pub place: Place,
    pub text: String,
}

/// Who chose where the fields are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As C lays them out.
    C,
    /// Rust, as it likes: `#[repr(C)]` is missing.
    Rust,
    /// cffi asks the C compiler: the struct ends in `...`.
    Compiler,
    /// Not the byte order of this machine (`BigEndianStructure`).
    SwappedBytes,
    /// Not a list of fields: a union, or bit fields.
    Other,
}

/// Everything a file declares.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declarations {
    pub functions: Vec<Function>,
    pub structs: BTreeMap<String, Struct>,
    /// What could not be seen, and why.
    pub unseen: Vec<Unseen>,
}

/// Something that a reader of text cannot know.
#[derive(Debug, Clone)]
pub(crate) struct Unseen {
    pub place: Place,
    pub text: String,
    pub why: String,
    /// The compiler or the interpreter will refuse it too.
    pub broken: bool,
}

impl Declarations {
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    pub fn struct_(&self, name: &str) -> Option<&Struct> {
        self.structs.get(name)
    }

    pub fn extend(&mut self, other: Self) {
        self.functions.extend(other.functions);
        for (name, new) in other.structs {
            // A body says more than an opaque mention.
            let known = self.structs.get(&name);
            if known.is_none_or(|known| known.fields.is_none()) {
                self.structs.insert(name, new);
            }
        }
        self.unseen.extend(other.unseen);
    }

    /// Size and alignment in bytes, where they are known.
    pub fn size(&self, type_: &Type) -> Option<(usize, usize)> {
        match type_ {
            Type::Void | Type::Undeclared(_) | Type::Unknown(_) => None,
            Type::Bool => Some((1, 1)),
            Type::Int { bytes, .. } | Type::Float { bytes } => Some((*bytes, *bytes)),
            Type::Pointer { .. } | Type::Function(_) => {
                Some((size_of::<usize>(), align_of::<usize>()))
            }
            Type::Array { of, length } => {
                let (size, alignment) = self.size(of)?;
                Some((size.checked_mul((*length)?)?, alignment))
            }
            Type::Struct(name) => {
                let layout = self.layout(self.struct_(name)?)?;
                Some((layout.size, layout.alignment))
            }
        }
    }

    /// Where C puts the fields: each at the next multiple of its alignment, and
    /// the size rounded up to a multiple of the largest.
    pub fn layout(&self, struct_: &Struct) -> Option<Layout> {
        self.layout_within(struct_, 0)
    }

    fn layout_within(&self, struct_: &Struct, depth: usize) -> Option<Layout> {
        if depth > 16 || !matches!(struct_.order, Order::C | Order::Rust | Order::SwappedBytes) {
            return None;
        }
        let mut layout = Layout {
            offsets: Vec::new(),
            size: 0,
            alignment: 1,
        };
        for field in struct_.fields.as_ref()? {
            let (size, alignment) = match &field.type_ {
                Type::Struct(name) => {
                    let inner = self.layout_within(self.struct_(name)?, depth + 1)?;
                    (inner.size, inner.alignment)
                }
                type_ if contains_struct(type_) => return None,
                type_ => self.size(type_)?,
            };
            let alignment = struct_.pack.map_or(alignment, |pack| alignment.min(pack));
            let offset = layout.size.next_multiple_of(alignment.max(1));
            layout.offsets.push(offset);
            layout.size = offset.checked_add(size)?;
            layout.alignment = layout.alignment.max(alignment);
        }
        layout.size = layout.size.next_multiple_of(layout.alignment);
        Some(layout)
    }
}

/// An array of structs: rare in a header for learners, and not laid out here.
fn contains_struct(type_: &Type) -> bool {
    match type_ {
        Type::Array { of, .. } => matches!(**of, Type::Struct(_)) || contains_struct(of),
        _ => false,
    }
}

/// Where the fields of a struct are, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub offsets: Vec<usize>,
    pub size: usize,
    pub alignment: usize,
}
