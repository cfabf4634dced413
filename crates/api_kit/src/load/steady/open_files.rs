//! How many purchases may wait for their answer. Each has a connection, and each connection is an open file.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// With more connections at once, the machine of the run itself would be in the way.
const MOST: u64 = 5_000;

/// Files that are no connection of a purchase: of the runtime, the database and the audit.
const OTHERS: u64 = 50;

/// Lets this process open as many files as it may. Returns how many purchases may wait.
pub fn most_waiting() -> u64 {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return MOST };
    let wanted = hard.min(soft.max(MOST + OTHERS));
    let allowed = setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).map_or(soft, |()| wanted);
    allowed.saturating_sub(OTHERS).clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use super::{MOST, OTHERS, Resource, getrlimit, most_waiting};

    #[test]
    fn as_many_purchases_may_wait_as_files_may_be_opened() {
        let most = most_waiting();
        let (soft, _) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
        assert!((1..=MOST).contains(&most));
        assert!(most == 1 || soft >= most + OTHERS, "{soft} files, {most} purchases");
    }
}
