//! The bare kernel, without Python: `cargo bench -p heat`.
#![allow(missing_docs, reason = "criterion's macros write undocumented items")]

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use heat::{Diffusion, evolve, evolve_steps, field};

fn benches(c: &mut Criterion) {
    let dt = Diffusion::largest_stable_dt(0.5, 1e-4, 1e-4);
    let diffusion = Diffusion::new(0.5, dt, 1e-4, 1e-4).expect("the limit itself is stable");
    let mut group = c.benchmark_group("heat");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(4));
    for n in [200_usize, 1000, 4000] {
        let mut u = field::mug(n, n);
        let mut u_previous = u.clone();
        let cells = (n * n) as u64;
        group.throughput(Throughput::Elements(cells));
        group.bench_function(BenchmarkId::new("evolve", n), |bench| {
            bench.iter(|| evolve(u.view_mut(), u_previous.view_mut(), &diffusion));
        });
        let steps = 20;
        group.throughput(Throughput::Elements(cells * steps));
        group.bench_function(BenchmarkId::new("evolve_steps", n), |bench| {
            bench.iter(|| evolve_steps(u.view_mut(), u_previous.view_mut(), steps, &diffusion));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
