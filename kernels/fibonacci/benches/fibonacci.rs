//! The bare kernel, without Python: `cargo bench -p fibonacci`.
#![allow(missing_docs, reason = "criterion's macros write undocumented items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};

fn benches(c: &mut Criterion) {
    c.bench_function("fibonacci/step", |bench| {
        bench.iter(|| fibonacci::step(black_box(5_u64), black_box(8)));
    });
    c.bench_function("fibonacci/nth(90)", |bench| {
        bench.iter(|| fibonacci::nth::<u64>(black_box(90)));
    });
}

criterion_group!(all, benches);
criterion_main!(all);
