//! The walls that `bwrap` makes: a file tree with nothing in it but what is named here.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::specification::Specification;

/// Bytes of `/tmp` and of `/dev/shm`, which are memory.
const TEMPORARY: &str = "67108864";

/// What of /etc a program needs to start; nothing personal.
const ETC: [&str; 8] = [
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/passwd",
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/localtime",
];

/// The namespaces. An unprivileged user gets them inside a user namespace; root
/// does without one, so that [`super::enter`] can become a user with no rights.
pub fn namespaces() -> Vec<&'static str> {
    let mut arguments = vec![
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--die-with-parent",
        "--new-session",
    ];
    if !rustix::process::geteuid().is_root() {
        arguments.extend(["--unshare-user", "--disable-userns"]);
    }
    arguments
}

/// The arguments of `bwrap`, up to and without the command.
pub fn arguments(specification: &Specification, workbook: &Path) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = namespaces().into_iter().map(OsString::from).collect();
    let mut add = |parts: &[&std::ffi::OsStr]| arguments.extend(parts.iter().map(OsString::from));
    let bind = |kind: &'static str, path: &Path| [OsString::from(kind), path.into(), path.into()];
    let mut mounts: Vec<[OsString; 3]> = vec![bind("--ro-bind", Path::new("/usr"))];
    // On a merged system /bin is a link into /usr; elsewhere it is a folder.
    for path in ["/bin", "/sbin", "/lib", "/lib64", "/lib32"].map(Path::new) {
        match path.read_link() {
            Ok(target) => mounts.push(["--symlink".into(), target.into(), path.into()]),
            Err(_) if path.is_dir() => mounts.push(bind("--ro-bind", path)),
            Err(_) => {}
        }
    }
    mounts.extend(ETC.map(|path| bind("--ro-bind-try", Path::new(path))));
    for words in [
        &["--proc", "/proc"][..],
        &["--dev", "/dev"],
        &[
            "--size", TEMPORARY, "--perms", "1777", "--tmpfs", "/dev/shm",
        ],
        &["--size", TEMPORARY, "--perms", "1777", "--tmpfs", "/tmp"],
    ] {
        for word in words {
            add(&[word.as_ref()]);
        }
    }
    // Parents before children: a later mount hides what lies below it.
    let mut named: Vec<(PathBuf, &'static str)> = Vec::new();
    named.extend(
        specification
            .read
            .iter()
            .map(|path| (path.clone(), "--ro-bind")),
    );
    named.extend(
        specification
            .write
            .iter()
            .map(|path| (path.clone(), "--bind")),
    );
    named.push((workbook.to_path_buf(), "--ro-bind"));
    named.sort();
    named.dedup();
    mounts.extend(named.iter().map(|(path, kind)| bind(kind, path)));
    mounts.push([
        "--bind".into(),
        specification.folder.clone().into(),
        specification.inside.clone().into(),
    ]);
    let mut made = BTreeSet::from([PathBuf::from("/")]);
    for mount in &mounts {
        // Left to itself, bwrap makes the folders above a mount for root alone.
        let above: Vec<_> = Path::new(&mount[2]).ancestors().skip(1).collect();
        for folder in above.into_iter().rev() {
            if made.insert(folder.to_path_buf()) {
                add(&[
                    "--perms".as_ref(),
                    "0755".as_ref(),
                    "--dir".as_ref(),
                    folder.as_os_str(),
                ]);
            }
        }
        add(&[&mount[0], &mount[1], &mount[2]]);
    }
    for path in ["/dev", "/"] {
        add(&["--remount-ro".as_ref(), path.as_ref()]);
    }
    add(&[
        "--chdir".as_ref(),
        specification.inside.as_os_str(),
        "--clearenv".as_ref(),
    ]);
    for (name, value) in &specification.environment {
        add(&["--setenv".as_ref(), name.as_ref(), value.as_ref()]);
    }
    arguments
}
