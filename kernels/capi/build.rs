//! Gives the shared library a name that does not depend on where it was built,
//! so that a program linked to it finds it through its own search path.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libkernels.dylib");
        }
        Ok("linux") => println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libkernels.so"),
        _ => {}
    }
}
