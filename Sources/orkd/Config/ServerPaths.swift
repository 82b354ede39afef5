/// The places of system mode and user mode.
struct ServerPaths: Sendable, Hashable {
    var isUserMode: Bool
    /// `orkd.toml`; drop-ins are in the directory of the same name with `.d`.
    var configFile: String
    var stateDirectory: String
    var socket: String
    /// Nil: in the state directory, wherever that is configured to be.
    var masterKeyFile: String?

    /// The places a package uses.
    static let system = ServerPaths(
        isUserMode: false, configFile: "/etc/orkd/orkd.toml", stateDirectory: "/var/lib/orkd",
        socket: "/run/orkd/orkd.sock", masterKeyFile: "/etc/orkd/master.key")

    /// System mode follows what systemd hands over; user mode the XDG base
    /// directories.
    ///
    /// - Parameter user: nil decides: user mode for everybody but root,
    ///   except where systemd has made a `StateDirectory` for a service.
    /// - Returns: nil when user mode has neither `HOME` nor the XDG variables.
    static func find(user: Bool?, isRoot: Bool, environment: [String: String]) -> ServerPaths? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        // systemd.exec(5): a colon-separated list when several are asked for.
        func first(_ name: String) -> String? { value(name)?.split(separator: ":").first.map(String.init) }

        guard user ?? (!isRoot && environment["STATE_DIRECTORY"] == nil) else {
            var paths = system
            if let directory = first("STATE_DIRECTORY") { paths.stateDirectory = directory }
            if let directory = first("RUNTIME_DIRECTORY") { paths.socket = directory + "/orkd.sock" }
            return paths
        }
        let home = value("HOME")
        guard let config = value("XDG_CONFIG_HOME") ?? home.map({ $0 + "/.config" }),
            let state = value("XDG_STATE_HOME") ?? home.map({ $0 + "/.local/state" })
        else { return nil }
        return ServerPaths(
            isUserMode: true, configFile: config + "/orkd/orkd.toml", stateDirectory: state + "/orkd",
            socket: (value("XDG_RUNTIME_DIR") ?? state) + "/orkd/orkd.sock", masterKeyFile: nil)
    }

    /// Everything before the last slash; `.` where there is none.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
