//! Finds what is missing, before anything is built or started.

use anyhow::{Result, bail};

use super::{
    PythonPackages,
    missing::{Machine, Missing},
    mysqld,
    python::{self, Interpreter},
};

/// The oldest Python that the packages from PyPI accept.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// Fails if this machine lacks Python, pip to install the packages if they are not in the cache, or, if one is needed, a
/// database server and the means to get one. One error names everything that is missing.
pub async fn check(packages: PythonPackages, database_server: bool) -> Result<()> {
    let mut missing = missing_for_python(packages).await?;
    if database_server && !mysqld::can_be_had()? {
        missing.push(Missing::DatabaseServer);
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!(Machine::this().sentences(&missing))
}

async fn missing_for_python(packages: PythonPackages) -> Result<Vec<Missing>> {
    let Ok(Interpreter { version, .. }) = Interpreter::this().await else {
        return Ok(match std::env::var("PYTHON") {
            Ok(chosen) => vec![Missing::ChosenPython(chosen)],
            Err(_) => vec![Missing::Python, Missing::Pip],
        });
    };
    let mut missing = Vec::new();
    if number(version).is_none_or(|number| number < OLDEST_PYTHON) {
        missing.push(Missing::NewerPython(version.clone()));
    }
    if !packages.is_installed(version)? && !python::has_pip().await {
        missing.push(Missing::Pip);
    }
    Ok(missing)
}

/// The first two numbers of a text such as `Python 3.11.2`.
fn number(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix("Python ")?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{OLDEST_PYTHON, number};

    #[test]
    fn versions_are_compared_as_numbers() {
        let accepted = |text: &str| number(text).is_some_and(|number| number >= OLDEST_PYTHON);
        assert!(accepted("Python 3.10.0") && accepted("Python 3.14.0rc1"));
        assert!(!accepted("Python 3.9.2") && !accepted("Python 2.7.18") && !accepted("?"));
    }
}
