//! What a wrong type does, in words.
//!
//! A call hands its arguments over in registers: integers and addresses in the
//! general ones, floating-point numbers in others, each kind counted by itself.
//! The result comes back in the first register of its kind. So it is the kind
//! and the number of bytes that decide what the other side sees.

use crate::model::{Caller, Type};

/// Where a type stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Parameter,
    Result,
    Field,
    /// What a pointer points to.
    Pointee,
}

/// What happens when `yours` is declared and the library has `theirs`, which
/// differs from it.
pub(crate) fn explain(yours: &Type, theirs: &Type, role: Role, caller: Caller) -> String {
    if caller == Caller::Compiler {
        return compiled(yours, theirs, role);
    }
    match role {
        Role::Parameter => parameter(yours, theirs),
        Role::Result => result(yours, theirs),
        Role::Field => field(yours, theirs),
        Role::Pointee => pointee(yours, theirs),
    }
}

/// The name of a type in plain words.
pub(crate) fn words(type_: &Type) -> String {
    match type_ {
        Type::Void => "nothing".to_owned(),
        Type::Bool => "a bool (1 byte)".to_owned(),
        Type::Int {
            bytes,
            signed: true,
        } => format!("a signed integer of {}", count(*bytes)),
        Type::Int { bytes, .. } => format!("an unsigned integer of {}", count(*bytes)),
        Type::Float { bytes: 4 } => "a float (4 bytes)".to_owned(),
        Type::Float { bytes: 8 } => "a double (8 bytes)".to_owned(),
        Type::Float { bytes } => format!("a floating-point number of {}", count(*bytes)),
        Type::Pointer { to, .. } => match &**to {
            Type::Void => "an address of anything".to_owned(),
            Type::Int { bytes: 1, .. } => "the address of characters or bytes".to_owned(),
            to => format!("the address of {}", words(to)),
        },
        Type::Function(_) => "the address of a function".to_owned(),
        Type::Array { of, length } => match length {
            Some(length) => format!("an array of {length} times {}", words(of)),
            None => format!("an array, each element {}", words(of)),
        },
        Type::Struct(name) => format!("a {name}"),
        Type::Undeclared(name) => format!("`{name}`"),
        Type::Unknown(_) => "something unknown".to_owned(),
    }
}

fn count(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        _ => format!("{bytes} bytes"),
    }
}

/// The largest number that fits.
fn largest(bytes: usize, signed: bool) -> u128 {
    let bits = u32::try_from(bytes * 8).unwrap_or(64).min(127);
    (1_u128 << (bits - u32::from(signed))) - 1
}

fn parameter(yours: &Type, theirs: &Type) -> String {
    match (yours, theirs) {
        (Type::Float { .. }, Type::Int { .. } | Type::Bool) => {
            "Your number goes into a floating-point register, and the library reads a general \
             register, in which you put something else: its value does not depend on yours. \
             Later arguments sit one register off, so they arrive wrong too."
                .to_owned()
        }
        (Type::Int { .. } | Type::Bool, Type::Float { .. }) => {
            "Your integer goes into a general register, and the library reads a \
             floating-point register, in which you put nothing or the number of a later \
             argument: its value does not depend on yours. Later arguments sit one register \
             off, so they arrive wrong too."
                .to_owned()
        }
        (Type::Float { bytes: 4 }, Type::Float { bytes: 8 }) => {
            "You put 4 bytes of a float into the register, and the library reads 8 as a \
             double: another number, as a rule next to 0."
                .to_owned()
        }
        (Type::Float { bytes }, Type::Float { bytes: read }) => {
            format!(
                "You pass {}, and the library reads {} of them as another kind of number.",
                count(*bytes),
                count(*read)
            )
        }
        (
            Type::Int { bytes, signed },
            Type::Int {
                bytes: read,
                signed: sign_read,
            },
        ) => integer(*bytes, *signed, *read, *sign_read),
        (Type::Int { bytes, .. }, theirs) if theirs.is_pointer() => {
            if *bytes < size_of::<usize>() {
                format!(
                    "An address has {}, and your integer has {}: the rest of the address is \
                     lost. The library follows what is left of it to memory that is not \
                     yours, and the process dies with a segmentation fault.",
                    count(size_of::<usize>()),
                    count(*bytes)
                )
            } else {
                "It has the size of an address, but nothing checks that it is one: any \
                 number is followed, and a wrong one ends in a segmentation fault."
                    .to_owned()
            }
        }
        (yours, Type::Int { bytes, .. }) if yours.is_pointer() => {
            format!(
                "The library takes the address itself for the number, {} of it, and never \
                 looks at what is there.",
                count(*bytes)
            )
        }
        (Type::Float { .. }, Type::Pointer { to, .. }) if **to == *yours => {
            "The library wants to know where the number is, so that it can read or change \
             it there, and you pass the number itself, in a floating-point register. It \
             takes what a general register happens to hold for the address: a segmentation \
             fault, or damage somewhere else."
                .to_owned()
        }
        (Type::Float { .. }, theirs) if theirs.is_pointer() => {
            "Your number goes into a floating-point register. The library takes what a \
             general register happens to hold for an address, and follows it: a \
             segmentation fault, or damage somewhere else."
                .to_owned()
        }
        (yours, Type::Float { .. }) if yours.is_pointer() => {
            "Your address goes into a general register, and the library reads a \
             floating-point register, in which you put nothing: its value does not depend \
             on yours."
                .to_owned()
        }
        (Type::Struct(name), theirs) if theirs.is_pointer() => {
            format!(
                "The library wants the address of a {name}, and you pass a copy of its \
                 bytes. It takes the first of them for an address and follows it."
            )
        }
        (yours, Type::Struct(name)) if yours.is_pointer() => {
            format!(
                "The library wants the bytes of a {name} themselves, and you pass an address: \
                 it takes the address, and what lies after it, for the fields."
            )
        }
        (yours, theirs) => between(yours, theirs),
    }
}

fn integer(bytes: usize, signed: bool, read: usize, sign_read: bool) -> String {
    if bytes < read {
        format!(
            "You pass {}, and the library reads {}. The upper ones are what the register \
             held before, if nothing extends yours; and numbers above {} cannot be passed \
             at all.",
            count(bytes),
            count(read),
            largest(bytes, signed)
        )
    } else if bytes > read {
        format!(
            "You pass {}, and the library reads only the lower {}: numbers above {} arrive \
             as other numbers.",
            count(bytes),
            read,
            largest(read, sign_read)
        )
    } else {
        sign(bytes, signed)
    }
}

/// The same bytes, with and without a sign.
fn sign(bytes: usize, yours_is_signed: bool) -> String {
    let all_ones = largest(bytes, false);
    let (here, there) = match yours_is_signed {
        true => ("-1".to_owned(), all_ones.to_string()),
        false => (all_ones.to_string(), "-1".to_owned()),
    };
    format!(
        "The {} are the same, but not the sign: what is {here} for you is {there} for the \
         library.",
        count(bytes)
    )
}

fn result(yours: &Type, theirs: &Type) -> String {
    match (yours, theirs) {
        (_, Type::Void) => {
            "The function returns nothing: what you get is what the register happens to hold."
                .to_owned()
        }
        (Type::Void, Type::Int { .. }) => {
            "The function returns a number, and you throw it away. If it is a status, you \
             will never know that a call failed."
                .to_owned()
        }
        (Type::Void, _) => "The function returns something, and you throw it away.".to_owned(),
        (Type::Int { .. } | Type::Bool, Type::Float { .. }) => {
            "The result comes back in a floating-point register, and you read a general one: \
             a number that has nothing to do with the result."
                .to_owned()
        }
        (Type::Float { .. }, Type::Int { .. } | Type::Bool) => {
            "The result comes back in a general register, and you read a floating-point one: \
             a number that has nothing to do with the result."
                .to_owned()
        }
        (Type::Float { bytes }, Type::Float { bytes: written }) => format!(
            "The library gives back {}, and you read {} of the register as another kind of \
             number.",
            count(*written),
            count(*bytes)
        ),
        (Type::Int { bytes, signed }, Type::Int { bytes: written, .. }) => {
            if bytes < written {
                format!(
                    "The result is cut to its lower {}: one above {} comes back as another \
                     number.",
                    count(*bytes),
                    largest(*bytes, *signed)
                )
            } else if bytes > written {
                format!(
                    "The library sets only the lower {} of the register. The others are what \
                     was there before: a negative result may come back as a large number.",
                    count(*written)
                )
            } else {
                sign(*bytes, *signed)
            }
        }
        (Type::Int { bytes, .. }, theirs) if theirs.is_pointer() => {
            if *bytes < size_of::<usize>() {
                format!(
                    "The address that comes back has {}, and you keep the lower {}: who \
                     follows it gets a segmentation fault, or reads somebody else's memory.",
                    count(size_of::<usize>()),
                    bytes
                )
            } else {
                "You get the address as a number, and nothing knows what is there.".to_owned()
            }
        }
        (yours, Type::Float { .. }) if yours.is_pointer() => {
            "The result comes back in a floating-point register, and you take what a general \
             one holds for an address."
                .to_owned()
        }
        (yours, _) if yours.is_pointer() => {
            "You take the result for an address: whoever follows it gets a segmentation fault."
                .to_owned()
        }
        (yours, theirs) => between(yours, theirs),
    }
}

fn field(yours: &Type, theirs: &Type) -> String {
    match (yours, theirs) {
        (Type::Int { bytes, signed }, Type::Int { bytes: other, .. }) if bytes == other => {
            sign(*bytes, *signed)
        }
        (yours, theirs) => format!(
            "You have {} where the library has {}.",
            words(yours),
            words(theirs)
        ),
    }
}

fn pointee(yours: &Type, theirs: &Type) -> String {
    let size = |type_: &Type| match type_ {
        Type::Bool => Some(1),
        Type::Int { bytes, .. } | Type::Float { bytes } => Some(*bytes),
        type_ if type_.is_pointer() => Some(size_of::<usize>()),
        _ => None,
    };
    match (yours, theirs) {
        (Type::Int { bytes, signed }, Type::Int { bytes: other, .. }) if bytes == other => {
            sign(*bytes, *signed)
        }
        (theirs_is_value, Type::Pointer { .. }) if !theirs_is_value.is_pointer() => {
            "The library finds there an address, to be followed once more, and you have the \
             thing itself: it takes your bytes for an address."
                .to_owned()
        }
        (Type::Pointer { .. }, theirs) if !theirs.is_pointer() => {
            "You point to an address, and the library expects the thing itself there: it takes \
             the bytes of the address for it."
                .to_owned()
        }
        _ => match (size(yours), size(theirs)) {
            (Some(mine), Some(other)) if mine < other => format!(
                "The library goes through this memory in steps of {}, and your elements have \
                 {}: it takes several of yours for one, and reads and writes beyond the end.",
                count(other),
                count(mine)
            ),
            (Some(mine), Some(other)) if mine > other => format!(
                "The library goes through this memory in steps of {}, and your elements have \
                 {}: it takes each of yours for several, and leaves the end untouched.",
                count(other),
                count(mine)
            ),
            (Some(mine), Some(_)) => format!(
                "The {} of each element are taken for {}, and yours are {}: other numbers.",
                mine,
                words(theirs),
                words(yours)
            ),
            _ => format!(
                "You point to {}, and the library takes it for {}.",
                words(yours),
                words(theirs)
            ),
        },
    }
}

/// cffi in API mode: its C code is compiled with the header in sight.
fn compiled(yours: &Type, theirs: &Type, role: Role) -> String {
    let is_number =
        |type_: &Type| matches!(type_, Type::Int { .. } | Type::Float { .. } | Type::Bool);
    match role {
        Role::Parameter | Role::Result if is_number(yours) && is_number(theirs) => {
            let (from, to) = match role {
                Role::Parameter => (yours, theirs),
                _ => (theirs, yours),
            };
            let lost = match (from, to) {
                (Type::Float { .. }, Type::Int { .. }) => "0.5 becomes 0",
                (Type::Int { .. }, Type::Float { .. }) => "large numbers are rounded",
                (Type::Float { .. }, Type::Float { .. }) => "digits are lost, or were never there",
                _ => "a number that does not fit becomes another",
            };
            let first = match (role, yours, theirs) {
                (Role::Parameter, Type::Int { .. }, Type::Float { .. }) => {
                    "cffi takes nothing but an int from you, so 0.5 is refused. "
                }
                _ => "",
            };
            format!(
                "In API mode a C compiler sees the header, and converts {} into {} without a \
                 word: {lost}. {first}In ABI mode the wrong register or the wrong number of \
                 bytes would be read.",
                words(from),
                words(to)
            )
        }
        Role::Result if *theirs == Type::Void || *yours == Type::Void => {
            if *theirs == Type::Void {
                "The function returns nothing. In API mode the C compiler sees the header, and \
                 refuses the module."
                    .to_owned()
            } else {
                result(yours, theirs)
            }
        }
        Role::Field => format!(
            "{} In API mode cffi compares the struct with the compiler's, and refuses it.",
            field(yours, theirs)
        ),
        _ => format!(
            "In API mode the C compiler sees the header: it warns of this or refuses it. What \
             it warns of happens: {}",
            match role {
                Role::Pointee => pointee(yours, theirs),
                Role::Result => result(yours, theirs),
                _ => parameter(yours, theirs),
            }
        ),
    }
}

fn between(yours: &Type, theirs: &Type) -> String {
    format!(
        "You declare {}, and the library has {}.",
        words(yours),
        words(theirs)
    )
}
