import Glibc

/// Where the control socket is.
enum SocketPath {
    static let system = "/run/orkd/orkd.sock"

    /// The option, `ORKD_SOCKET`, the user's own daemon, one started in this
    /// directory by `make run`, else the system's.
    static func find(_ option: String?) -> String {
        if let option { return option }
        if let set = Environment["ORKD_SOCKET"], !set.isEmpty { return set }
        if let runtime = Environment["XDG_RUNTIME_DIR"], !runtime.isEmpty {
            let path = runtime + "/orkd/orkd.sock"
            if access(path, F_OK) == 0 { return path }
        }
        let local = "./.ork/orkd.sock"
        return access(local, F_OK) == 0 ? local : system
    }
}
