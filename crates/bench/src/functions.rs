//! Start, latency, CPU, memory and size of each function through which a purchase or a restock passes.
//!
//! - `subjects`: the functions, each with its environment and its events.
//! - `secure_server`: a database server with TLS.
//! - `answers`: what AWS and the factory answer to the functions that call them.

mod answers;
mod secure_server;
mod subjects;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use database_server::DatabaseServer;
use local_programs::{console::Console, process::RunFolder};
use runtime_api::{Environment, InvocationResult};

use crate::{
    Options, Report, Scale,
    packages::Packages,
    report::{FunctionFigures, spread},
    statistics::{Latencies, Median, milliseconds},
    usage,
};
use secure_server::SecureServer;
pub(crate) use subjects::NAMES;
use subjects::{Subject, Subjects};

pub(crate) async fn measure(
    options: &Options,
    packages: &Packages,
    console: Console,
    report: &mut Report,
) -> Result<()> {
    let server = DatabaseServer::start(console).await?;
    let logs = RunFolder::create("bench")?;
    let secure_server = SecureServer::start(console).await?;
    let subjects = Subjects::prepare(&server, &secure_server.url()?, packages).await?;
    console.note(format_args!("functions: {} starts of each", options.scale.starts));
    let starts = starts(&subjects.all, options.scale.starts, logs.path()).await?;
    secure_server.stop().await;
    console.note("functions: latency, CPU and memory");
    for (subject, starts) in subjects.all.iter().zip(starts) {
        let warm = warm(subject, options.scale, logs.path()).await?;
        let zip = packages.zipped(subject.name)?;
        report.functions.push(FunctionFigures::new(subject.name, &starts, &warm, zip));
    }
    server.stop().await;
    Ok(())
}

/// Starts of a function.
#[derive(Default)]
pub(crate) struct Starts {
    /// From the start of the process to its first poll, in milliseconds.
    pub cold: Vec<f64>,
    /// The same with TLS and an IAM token, for functions that use the database.
    pub cold_tls: Vec<f64>,
    /// The first invocation of a process, in milliseconds.
    pub first: Vec<f64>,
}

/// Starts each function in turn, so that a disturbance of the machine does not fall on one of them.
async fn starts(subjects: &[Subject], number: usize, logs: &Path) -> Result<Vec<Starts>> {
    let mut starts: Vec<Starts> = subjects.iter().map(|_| Starts::default()).collect();
    for _ in 0..number {
        for (subject, starts) in subjects.iter().zip(&mut starts) {
            let mut environment =
                Environment::start(subject.name, &subject.invocation, logs).await?;
            starts.cold.push(milliseconds(environment.first_poll().await?));
            starts.first.push(milliseconds(invoke(subject, &mut environment).await?));
            if let Some(invocation) = &subject.secure_invocation {
                let mut environment = Environment::start(subject.name, invocation, logs).await?;
                starts.cold_tls.push(milliseconds(environment.first_poll().await?));
            }
        }
    }
    Ok(starts)
}

/// Invocations of a function that runs already.
#[derive(Default)]
pub(crate) struct Warm {
    /// In milliseconds; one for each repeat.
    pub p50: Vec<f64>,
    pub p99: Vec<f64>,
    /// Seconds for 1,000 invocations.
    pub cpu: Vec<f64>,
    /// Bytes.
    pub memory: f64,
}

async fn warm(subject: &Subject, scale: Scale, logs: &Path) -> Result<Warm> {
    let mut environment = Environment::start(subject.name, &subject.invocation, logs).await?;
    invoke(subject, &mut environment).await?;
    let mut warm = Warm::default();
    for _ in 0..scale.repeats {
        let mut latencies = Latencies::new()?;
        let before = usage::cpu(environment.id())?;
        for _ in 0..scale.invocations {
            latencies.record(invoke(subject, &mut environment).await?);
        }
        let cpu = usage::cpu(environment.id())?.saturating_sub(before);
        warm.cpu.push(cpu.as_secs_f64() * 1000.0 / f64::from(u32::try_from(scale.invocations)?));
        warm.p50.push(latencies.percentile(50.0));
        warm.p99.push(latencies.percentile(99.0));
    }
    warm.memory = usage::peak_memory(environment.id())?;
    Ok(warm)
}

/// Sends an event. Returns how long the function took.
async fn invoke(subject: &Subject, environment: &mut Environment) -> Result<Duration> {
    let event = subject.event()?;
    let began = Instant::now();
    let result = environment.exchange(event).await?;
    let took = began.elapsed();
    match result {
        InvocationResult::Output(output) if subject.accepts(&output) => Ok(took),
        InvocationResult::Output(output) => {
            bail!("{} answered {}", subject.name, String::from_utf8_lossy(&output))
        }
        InvocationResult::Failed(error) => bail!("{} failed: {error}", subject.name),
    }
}

impl FunctionFigures {
    fn new(name: &'static str, starts: &Starts, warm: &Warm, zip: usize) -> Self {
        let cold = Median::of(starts.cold.iter().copied());
        let cold_tls = Median::of(starts.cold_tls.iter().copied());
        let first = Median::of(starts.first.iter().copied());
        let (p50, p99) =
            (Median::of(warm.p50.iter().copied()), Median::of(warm.p99.iter().copied()));
        let cpu = Median::of(warm.cpu.iter().copied());
        let zip = u32::try_from(zip).map_or(f64::INFINITY, f64::from);
        Self {
            name,
            cold_ms: cold.value,
            cold_tls_ms: (!starts.cold_tls.is_empty()).then_some(cold_tls.value),
            first_ms: first.value,
            p50_ms: p50.value,
            p99_ms: p99.value,
            cpu_s_per_1000: cpu.value,
            memory_mb: warm.memory / 1e6,
            zip_mb: zip / 1e6,
            spread: spread([
                ("cold_ms", cold),
                ("cold_tls_ms", cold_tls),
                ("first_ms", first),
                ("p50_ms", p50),
                ("p99_ms", p99),
                ("cpu_s_per_1000", cpu),
            ]),
        }
    }
}
