//! The bare kernel, without Python: `cargo bench -p heat`.
//!
//! `heat/copy` is the measure for all: one copy of the grid. Throughput counts
//! cells times steps, so that times of different sizes compare.
#![allow(missing_docs, reason = "criterion's macros write undocumented items")]

mod rungs;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use heat::{Element, Plan, evolve, evolve_steps, evolve_steps_with, field};
use rungs::{Numbers, Pair, RUNGS};

const STEPS: u64 = 20;

fn benches(c: &mut Criterion) {
    let numbers = Numbers::new();
    let mut group = c.benchmark_group("heat");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(3));
    for n in [200_usize, 1000, 4000] {
        let cells = (n * n) as u64;
        let u = field::mug(n, n).expect("a grid of the benchmarks fits");
        let mut pair = Pair { p: u.clone(), u };
        group.throughput(Throughput::Elements(cells));
        group.bench_function(BenchmarkId::new("copy", n), |bench| {
            let Pair { u, p } = &mut pair;
            let (from, to) = (u.as_slice().unwrap(), p.as_slice_mut().unwrap());
            bench.iter(|| to.copy_from_slice(from));
        });
        group.bench_function(BenchmarkId::new("evolve", n), |bench| {
            let Pair { u, p } = &mut pair;
            bench.iter(|| evolve(u.view_mut(), p.view_mut(), &numbers.diffusion));
        });
        group.throughput(Throughput::Elements(cells * STEPS));
        for (name, run) in RUNGS {
            group.bench_function(BenchmarkId::new(name, n), |bench| {
                bench.iter(|| run(&mut pair, STEPS, &numbers));
            });
        }

        let steps = 100;
        group.throughput(Throughput::Elements(cells * steps));
        group.bench_function(BenchmarkId::new("evolve_steps", n), |bench| {
            let Pair { u, p } = &mut pair;
            bench.iter(|| evolve_steps(u.view_mut(), p.view_mut(), steps, &numbers.diffusion));
        });
        let mut u = pair.u.mapv(f32::from_f64);
        let mut p = u.clone();
        for threads in [1, 2] {
            let plan = Plan::for_threads::<f32>(n, n, steps, threads);
            let id = BenchmarkId::new(format!("f32-threads-{threads}"), n);
            group.bench_function(id, |bench| {
                bench.iter(|| {
                    evolve_steps_with(u.view_mut(), p.view_mut(), steps, &numbers.diffusion, &plan)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
