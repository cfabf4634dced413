#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::*;

/// The folder in which the test below works when it runs as a child process.
const PARENT_FOLDER: &str = "RESTOCK_TEST_PARENT_FOLDER";

fn shell(script: &str) -> Invocation {
    Invocation::new("/bin/sh").arg("-c").arg(script)
}

async fn start(folder: &Path, script: &str) -> Program {
    Program::start("child", folder, &shell(script)).await.unwrap()
}

fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(value) = check() {
            return value;
        }
        assert!(Instant::now() < deadline, "not within 10 s: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A number with a line end. Without the line end the file may be incomplete.
fn number_in(file: &Path) -> Option<i32> {
    fs::read_to_string(file).ok()?.strip_suffix('\n')?.parse().ok()
}

/// Whether a process has ended. A zombie counts as ended: in a container, init may never reap it.
fn is_gone(process: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The state follows the program's name, which stands in parentheses and may contain any character.
    stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with(['Z', 'X']))
}

#[tokio::test]
async fn stop_ends_a_child_that_handles_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let child = start(folder.path(), "sleep 1000").await;
    let begin = Instant::now();
    child.stop_within(Duration::from_secs(30)).await;
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert!(is_gone(child.id()));
}

#[tokio::test]
async fn stop_kills_a_child_that_ignores_sigterm_and_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let grandchild = folder.path().join("grandchild");
    let script =
        format!("trap '' TERM; sleep 1000 & echo $! > {}; wait; sleep 1000", grandchild.display());
    let child = start(folder.path(), &script).await;
    let id = eventually("the grandchild runs", || number_in(&grandchild));
    child.stop_within(Duration::from_millis(100)).await;
    assert!(is_gone(child.id()));
    eventually("the grandchild is gone", || is_gone(id).then_some(()));
}

#[tokio::test]
async fn grandchildren_are_killed_when_the_child_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let grandchild = folder.path().join("grandchild");
    let child =
        start(folder.path(), &format!("sleep 1000 & echo $! > {}", grandchild.display())).await;
    let id = eventually("the grandchild has run", || number_in(&grandchild));
    eventually("it is gone", || is_gone(id).then_some(()));
    // The end of the child is reported by another task, possibly later.
    eventually("the child has ended", || child.has_ended().then_some(()));
}

#[tokio::test]
async fn drop_kills_the_child() {
    let folder = tempfile::tempdir().unwrap();
    let child = start(folder.path(), "trap '' TERM; sleep 1000; sleep 1000").await;
    let id = child.id();
    drop(child);
    assert!(is_gone(id));
}

#[tokio::test]
async fn the_description_of_an_ended_program_contains_the_last_lines_of_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let child = start(folder.path(), "seq 100; echo 'no disk' >&2; exit 3").await;
    eventually("it has ended", || child.has_ended().then_some(()));
    let text = child.status_and_log();
    assert!(text.starts_with("(exit status: 3)\n"), "{text}");
    assert!(text.ends_with("100\nno disk"), "{text}");
    assert!(!text.contains("\n80\n"), "{text}");
}

#[tokio::test]
async fn the_error_for_a_missing_program_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let error =
        Program::start("it", folder.path(), &Invocation::new("/no/such")).await.unwrap_err();
    assert!(
        format!("{error:#}").starts_with("/no/such cannot be started: No such file"),
        "{error:#}"
    );
}

#[test]
fn a_child_outlives_the_runtime_that_started_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let child = thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async move {
            tokio::spawn(async move { start(&path, "sleep 1000").await }).await
        })
    });
    let child = child.join().unwrap().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Another child starts and ends meanwhile, so that a wrong kill would have had time to happen.
    let other = runtime.block_on(Program::start("other", folder.path(), &shell("exit 0"))).unwrap();
    eventually("the other has ended", || other.has_ended().then_some(()));
    assert!(!child.has_ended());
    runtime.block_on(child.stop());
}

/// Not a test by itself: the next test runs it as a child process and kills it.
#[tokio::test]
async fn parent_to_be_killed() {
    let Some(folder) = env::var_os(PARENT_FOLDER).map(PathBuf::from) else { return };
    let run = RunFolder::create("test").unwrap();
    fs::write(folder.join("run"), run.path().to_str().unwrap()).unwrap();
    let script = format!("sleep 1000 & echo $! > {0}/grandchild; wait", folder.display());
    let child = start(&folder, &script).await;
    fs::write(folder.join("child"), format!("{}\n", child.id())).unwrap();
    std::future::pending::<()>().await;
}

#[test]
fn children_and_folders_are_removed_when_the_parent_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut parent = Command::new(env::current_exe().unwrap())
        .args(["--exact", &format!("{}::parent_to_be_killed", module())])
        .env(PARENT_FOLDER, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let child = eventually("the child runs", || number_in(&folder.path().join("child")));
    let grandchild =
        eventually("the grandchild runs", || number_in(&folder.path().join("grandchild")));
    let run = fs::read_to_string(folder.path().join("run")).unwrap();
    assert!(!is_gone(child) && !is_gone(grandchild) && Path::new(&run).is_dir());
    parent.kill().unwrap();
    parent.wait().unwrap();
    eventually("the child is gone", || is_gone(child).then_some(()));
    eventually("the grandchild is gone", || is_gone(grandchild).then_some(()));
    eventually("the folder is gone", || (!Path::new(&run).exists()).then_some(()));
}

/// The path of this module without the name of the crate.
fn module() -> &'static str {
    module_path!().split_once("::").unwrap().1
}

#[tokio::test]
async fn a_run_folder_is_removed_when_it_is_dropped() {
    let folder = RunFolder::create("test").unwrap();
    let path = folder.path().to_owned();
    assert!(path.is_dir());
    drop(folder);
    assert!(!path.exists());
}
