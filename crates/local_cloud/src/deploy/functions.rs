use std::{collections::HashMap, io::Write, path::Path, time::UNIX_EPOCH};

use anyhow::{Context, Result};
use aws_sdk_lambda::{
    primitives::Blob,
    types::{
        Architecture, Environment, FunctionCode, FunctionResponseType, Runtime, ScalingConfig,
    },
};
use system::{Function, Placement, Queue, Values, queue_arn};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Deployment, messaging::Queues, roles};

impl Deployment {
    pub(super) async fn create_functions(&self, values: &Values) -> Result<()> {
        for (name, function) in &self.system.functions {
            self.create_function(name, function, values)
                .await
                .with_context(|| format!("the function {name} cannot be created"))?;
        }
        Ok(())
    }

    async fn create_function(
        &self,
        name: &str,
        function: &Function,
        values: &Values,
    ) -> Result<()> {
        let mut values = values.clone();
        if function.placement == Placement::Vpc {
            values.set("database_url", self.database_users.url(name)?);
        }
        let mut variables = HashMap::new();
        for (variable, template) in self.system.environment.iter().chain(&function.environment) {
            variables.insert(variable.clone(), values.fill(template)?);
        }
        let binary = self.binaries.get(name).context("the build has no such binary")?;
        let create = self
            .clients
            .functions
            .create_function()
            .function_name(name)
            .runtime(Runtime::Providedal2023)
            .architectures(Architecture::X8664)
            .handler("bootstrap")
            .role(roles::of_function(name))
            .timeout(function.timeout_seconds)
            .memory_size(function.memory_mb)
            .environment(Environment::builder().set_variables(Some(variables)).build())
            .code(FunctionCode::builder().zip_file(Blob::new(package(binary)?)).build());
        create.send().await?;
        Ok(())
    }

    /// Creates the event source mapping of each queue with a consumer.
    pub(super) async fn create_event_source_mappings(&self, queues: &Queues) -> Result<()> {
        for (name, queue) in &self.system.queues {
            let Some(consumer) = &queue.consumer else { continue };
            let scaling =
                ScalingConfig::builder().set_maximum_concurrency(queue.maximum_concurrency);
            let create = self
                .clients
                .functions
                .create_event_source_mapping()
                .event_source_arn(queue_arn(name))
                .function_name(consumer)
                .set_batch_size(queue.batch_size)
                .set_maximum_batching_window_in_seconds(window(queue))
                .scaling_config(scaling.build())
                .function_response_types(FunctionResponseType::ReportBatchItemFailures);
            create.send().await.with_context(|| {
                format!("the event source mapping of {} cannot be created", queues.url(name))
            })?;
        }
        Ok(())
    }
}

/// Mails wait only for the shortest window that Lambda allows for large batches: a person at this machine waits for them.
fn window(queue: &Queue) -> Option<i32> {
    queue.batching_window_seconds.map(|seconds| seconds.min(1))
}

/// A package with a script that executes the binary in the target folder. Development binaries are large; packing and
/// unpacking all of them would take too long at every start.
pub fn package(binary: &Path) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("bootstrap", SimpleFileOptions::default().unix_permissions(0o755))?;
    let path = binary.to_str().context("the path of a binary must be UTF-8")?;
    // Another build is other code, also where the path is the same.
    let built = binary.metadata()?.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    write!(zip, "#!/bin/sh\n# built {built}\nexec '{}'\n", path.replace('\'', r"'\''"))?;
    Ok(zip.finish()?.into_inner())
}
