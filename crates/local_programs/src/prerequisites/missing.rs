//! Names what this machine lacks, with the command that brings it.

use std::fmt;

/// Something that Restock needs and cannot put into its cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Missing {
    /// There is no Python.
    Python,
    /// The Python that the environment variable PYTHON names cannot be run.
    ChosenPython(String),
    /// Python is older than 3.10: what it prints as its version.
    NewerPython(String),
    /// Python has no pip.
    Pip,
    /// There is no MySQL or MariaDB server.
    DatabaseServer,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Python => f.write_str("Python 3.10 or later"),
            Self::ChosenPython(path) => {
                write!(
                    f,
                    "a Python at {path}, which is the value of PYTHON (unset it to use python3)"
                )
            }
            Self::NewerPython(found) => write!(
                f,
                "Python 3.10 or later (python3 is {found}: set PYTHON=/path/to/python3 to another)"
            ),
            Self::Pip => f.write_str("pip"),
            Self::DatabaseServer => f.write_str(
                "a MySQL or MariaDB server (set RESTOCK_MYSQLD=/path/to/mysqld if there is one)",
            ),
        }
    }
}

/// How this machine installs software, and whether the user must become root for that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine {
    manager: Option<PackageManager>,
    is_root: bool,
}

#[derive(Debug, Clone, Copy)]
enum PackageManager {
    Apt,
    Dnf,
    Brew,
}

impl Machine {
    /// The machine on which this process runs.
    pub(super) fn this() -> Self {
        let files = ["/etc/os-release", "/usr/lib/os-release"];
        let text = files.iter().find_map(|file| std::fs::read_to_string(file).ok());
        let machine = Self::of(&text.unwrap_or_default(), nix::unistd::Uid::effective().is_root());
        match cfg!(target_os = "macos") {
            true => Self { manager: Some(PackageManager::Brew), ..machine },
            false => machine,
        }
    }

    /// The Linux machine with this content of `/etc/os-release`.
    pub(super) fn of(os_release: &str, is_root: bool) -> Self {
        let values = os_release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")));
        let mut names = values.flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace());
        let manager = names.find_map(|name| match name {
            "debian" | "ubuntu" => Some(PackageManager::Apt),
            "fedora" | "rhel" | "centos" => Some(PackageManager::Dnf),
            _ => None,
        });
        Self { manager, is_root }
    }

    /// One sentence about everything that is missing, and one with the command that brings it.
    pub(super) fn sentences(self, missing: &[Missing]) -> String {
        let list: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let list = list.join("; ");
        let how = self.command(missing).map_or_else(
            || "Install it with the package manager of this machine".to_owned(),
            |command| format!("Install it with: {command}"),
        );
        format!("Restock needs what this machine does not have: {list}. {how}")
    }

    /// The command that installs what is missing; `None` if it is not known.
    fn command(self, missing: &[Missing]) -> Option<String> {
        let manager = self.manager?;
        let packages: Vec<&str> = missing.iter().filter_map(|one| manager.package(one)).collect();
        let packages = (!packages.is_empty()).then(|| packages.join(" "))?;
        let sudo = if self.is_root { "" } else { "sudo " };
        Some(match manager {
            PackageManager::Apt => format!(
                "{sudo}apt-get update && {sudo}apt-get install --yes --no-install-recommends {packages}"
            ),
            PackageManager::Dnf => format!("{sudo}dnf install --assumeyes {packages}"),
            // Homebrew refuses to run as root.
            PackageManager::Brew => format!("brew install {packages}"),
        })
    }
}

impl PackageManager {
    /// The package with something that is missing. A newer Python than that of a Linux distribution has no fixed name.
    fn package(self, missing: &Missing) -> Option<&'static str> {
        match (self, missing) {
            (Self::Brew, Missing::Python | Missing::NewerPython(_)) => Some("python"),
            // It comes with Python.
            (Self::Brew, Missing::Pip)
            | (_, Missing::NewerPython(_) | Missing::ChosenPython(_)) => None,
            (_, Missing::Python) => Some("python3"),
            (_, Missing::Pip) => Some("python3-pip"),
            (Self::Apt, Missing::DatabaseServer) => Some("mariadb-server-core mariadb-client-core"),
            (Self::Dnf, Missing::DatabaseServer) => Some("mariadb-server"),
            (Self::Brew, Missing::DatabaseServer) => Some("mariadb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Machine, Missing, PackageManager};

    const ALL: [Missing; 3] = [Missing::Python, Missing::Pip, Missing::DatabaseServer];

    /// The command after the list of what is missing.
    fn command(machine: Machine, missing: &[Missing]) -> String {
        let sentences = machine.sentences(missing);
        let (list, command) = sentences.split_once(". Install it with").unwrap_or_default();
        for one in missing {
            assert!(list.contains(&one.to_string()), "{one} is missing in {sentences}");
        }
        command.trim_start_matches(": ").to_owned()
    }

    #[test]
    fn a_chosen_python_that_cannot_be_run_is_named_and_nothing_is_to_be_installed() {
        let machine = Machine::of("ID=debian", true);
        let sentences = machine.sentences(&[Missing::ChosenPython("/nope".to_owned())]);
        assert!(sentences.contains("/nope, which is the value of PYTHON"), "{sentences}");
        assert!(!sentences.contains("apt-get"), "{sentences}");
    }

    #[test]
    fn debian_and_its_relatives_get_the_command_for_apt() {
        let install = "apt-get install --yes --no-install-recommends python3 python3-pip \
                       mariadb-server-core mariadb-client-core";
        let releases = [
            "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n",
            "PRETTY_NAME=\"Ubuntu 24.04 LTS\"\nID=ubuntu\nID_LIKE=debian\n",
            "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
        ];
        for release in releases {
            let root = command(Machine::of(release, true), &ALL);
            assert_eq!(root, format!("apt-get update && {install}"));
            let user = command(Machine::of(release, false), &ALL);
            assert_eq!(user, format!("sudo apt-get update && sudo {install}"));
        }
    }

    #[test]
    fn fedora_and_its_relatives_get_the_command_for_dnf() {
        for release in ["ID=fedora\n", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"] {
            let found = command(Machine::of(release, false), &ALL);
            assert_eq!(found, "sudo dnf install --assumeyes python3 python3-pip mariadb-server");
        }
    }

    #[test]
    fn macos_gets_the_command_for_homebrew() {
        let machine = Machine { manager: Some(PackageManager::Brew), is_root: false };
        assert_eq!(command(machine, &ALL), "brew install python mariadb");
    }

    #[test]
    fn other_machines_get_a_plain_sentence() {
        for release in ["ID=alpine\n", ""] {
            let found = command(Machine::of(release, false), &ALL);
            assert_eq!(found, " the package manager of this machine");
        }
    }

    #[test]
    fn an_old_python_is_named_with_its_version_and_what_else_is_missing() {
        let missing = [Missing::NewerPython("Python 3.9.2".to_owned()), Missing::Pip];
        let machine = Machine::of("ID=debian", true);
        assert!(command(machine, &missing).ends_with(" python3-pip"));
        assert!(machine.sentences(&missing).contains("python3 is Python 3.9.2: set PYTHON="));
        assert!(machine.sentences(&missing[..1]).ends_with("the package manager of this machine"));
    }
}
