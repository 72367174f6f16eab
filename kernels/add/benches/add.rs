//! The bare kernel, without Python: `cargo bench -p add`.
#![allow(missing_docs, reason = "criterion's macros write undocumented items")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn benches(c: &mut Criterion) {
    let mut group = c.benchmark_group("add");
    for n in [1_usize, 16, 256, 4096, 65_536, 1_000_000, 10_000_000] {
        let mut a = vec![1.0_f64; n];
        let b = vec![1e-9_f64; n];
        // Two reads and one write of 8 bytes an element.
        group.throughput(Throughput::Bytes(24 * n as u64));
        group.bench_with_input(BenchmarkId::from_parameter(n), &n, |bench, _| {
            bench.iter(|| add::add(black_box(&mut a), black_box(&b)));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
