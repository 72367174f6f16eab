//! The committed headers are what cbindgen writes today.
//!
//! `UPDATE_HEADERS=1 cargo test -p kernels-capi --test headers` (or
//! `make header`) writes them.

use std::path::Path;
use std::{env, fs};

use cbindgen::{Builder, Config};

/// The header for C and C++, and its sibling for cffi, from one parse of the
/// crate.
fn generate() -> [(&'static str, String); 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    // cffi's cdef() reads declarations only: no directives, no comments that
    // tell about them, no extern "C".
    let cdef = Config {
        header: None,
        include_guard: None,
        cpp_compat: false,
        sys_includes: Vec::new(),
        documentation: false,
        ..config.clone()
    };
    [("kernels.h", config), ("kernels.cdef.h", cdef)].map(|(name, config)| {
        let mut text = Vec::new();
        Builder::new()
            .with_crate(root)
            .with_config(config)
            .generate()
            .expect("cbindgen reads this crate")
            .write(&mut text);
        (name, String::from_utf8(text).expect("a header is UTF-8"))
    })
}

#[test]
fn committed_headers_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    for (name, fresh) in generate() {
        let path = folder.join(name);
        if env::var_os("UPDATE_HEADERS").is_some() {
            fs::write(&path, fresh).expect("the include folder can be written");
            continue;
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == fresh,
            "{name} is not what cbindgen writes from src/: run `make header` and commit it"
        );
    }
}
