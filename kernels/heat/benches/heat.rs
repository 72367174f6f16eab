//! The bare kernel, without Python: `cargo bench -p heat`.
//!
//! `heat/copy` is the measure for all: one copy of the grid. Throughput counts
//! cells times steps, so that times of different sizes compare. What each idea
//! of the fast kernel gains is another question: `make ladder` asks it.
#![allow(missing_docs, reason = "criterion's macros write undocumented items")]

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use heat::{
    Diffusion, Element, Plan, evolve, evolve_steps, evolve_steps_simple, evolve_steps_with, field,
};

fn benches(c: &mut Criterion) {
    let dt = Diffusion::largest_stable_dt(0.5, 1e-4, 1e-4);
    let diffusion = Diffusion::new(0.5, dt, 1e-4, 1e-4).expect("the limit itself is stable");
    let steps = 100;
    let mut group = c.benchmark_group("heat");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(3));
    for n in [200_usize, 1000, 4000] {
        let cells = (n * n) as u64;
        let mut u = field::mug(n, n).expect("a grid of the benchmarks fits");
        let mut p = u.clone();
        group.throughput(Throughput::Elements(cells));
        group.bench_function(BenchmarkId::new("copy", n), |bench| {
            let (from, to) = (u.as_slice().unwrap(), p.as_slice_mut().unwrap());
            bench.iter(|| to.copy_from_slice(from));
        });
        group.bench_function(BenchmarkId::new("evolve", n), |bench| {
            bench.iter(|| evolve(u.view_mut(), p.view_mut(), &diffusion));
        });
        group.throughput(Throughput::Elements(cells * steps));
        group.bench_function(BenchmarkId::new("evolve_steps_simple", n), |bench| {
            bench.iter(|| evolve_steps_simple(u.view_mut(), p.view_mut(), steps, &diffusion));
        });
        group.bench_function(BenchmarkId::new("evolve_steps", n), |bench| {
            bench.iter(|| evolve_steps(u.view_mut(), p.view_mut(), steps, &diffusion));
        });
        let mut u = u.mapv(f32::from_f64);
        let mut p = u.clone();
        for threads in [1, 2] {
            let plan = Plan::for_threads::<f32>(n, n, steps, threads);
            let id = BenchmarkId::new(format!("f32-threads-{threads}"), n);
            group.bench_function(id, |bench| {
                bench.iter(|| {
                    evolve_steps_with(u.view_mut(), p.view_mut(), steps, &diffusion, &plan)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
