// Config: every setting of orkd, from five layers to one typed value that knows where each part came from.
// Here: the table of settings, the TOML, .env and environment readers, the checks. Not here: acting on a setting.
// May import TOMLKit (nowhere else in the project), ORKit and Glibc; never NIO, Hummingbird or GRDB.

import ORKit

/// Everything an operator may decide, read once at start.
///
/// Layers, the later wins: defaults, `orkd.toml`, drop-ins
/// `orkd.toml.d/*.toml`, `.env`, environment, flags. `SettingsTable` is the
/// only list of the settings; all times are milliseconds, all sizes bytes.
struct Configuration: Sendable {
    var proxy = ProxyConfiguration()
    var upstream = UpstreamConfiguration()
    var pool = PoolConfiguration()
    var state: StateConfiguration
    var control: ControlConfiguration
    var trial = TrialConfiguration()
    var credits = CreditsConfiguration()
    var registration = RegistrationConfiguration()
    var log = LogConfiguration()

    /// Where the master key may be; the key itself only if a variable held it.
    var masterKey: MasterKeyLocation
    /// Upstream keys from `OPENROUTER_API_KEY` and `OPENROUTER_API_KEYS`, each
    /// once, in the order given. Added to the pool at start if unknown.
    var seedKeys: [Secret] = []

    /// Whoever has it administers over HTTP; nil: nobody does by a key alone.
    var managementKey: Secret?

    /// System or user mode, and the places that follow from it.
    let paths: ServerPaths
    /// Sentences for the log at start: ignored variables, conflicts, risks.
    /// They hold no secret.
    var remarks: [String] = []
    /// The files that were read, in order.
    var files: [String] = []

    /// Where each setting that is not at its default came from.
    var sources: [String: SettingSource] = [:]

    init(paths: ServerPaths = .system) {
        self.paths = paths
        state = StateConfiguration(directory: paths.stateDirectory)
        control = ControlConfiguration(socket: paths.socket)
        masterKey = MasterKeyLocation(file: paths.masterKeyFile)
    }

    /// Where the value of a setting came from.
    func source(of name: String) -> SettingSource { sources[name] ?? .standard }

    /// Every setting with its value and source, in the order of the table;
    /// then the secrets, of which only is said whether they are set.
    var settings: [SettingView] {
        SettingsTable.all.map { setting in
            SettingView(
                name: setting.name, value: setting.show(self), source: source(of: setting.name).description,
                changeable: setting.changeable)
        }
            + SecretVariables.names.map { name in
                SettingView(
                    name: name, value: sources[name] == nil ? "not set" : "set",
                    source: source(of: name).description, changeable: false)
            }
    }

    /// Names of the settings that differ from `other`: those that may change
    /// while the daemon runs, and those that wait for a restart.
    func difference(to other: Configuration) -> (changeable: [String], needsRestart: [String]) {
        let different = SettingsTable.all.filter { $0.show(self) != $0.show(other) }
        return (different.filter(\.changeable).map(\.name), different.filter { !$0.changeable }.map(\.name))
    }

    /// What a running daemon goes by once it has read `other`: what may change
    /// is as there, the rest stays until a restart.
    func adopting(_ other: Configuration) -> Configuration {
        var result = self
        for setting in SettingsTable.all where setting.changeable {
            setting.copy(&result, other)
            result.sources[setting.name] = other.sources[setting.name]
        }
        return result
    }
}

extension Configuration {
    /// The database, in file mode.
    var databaseFile: String { state.directory + "/orkd.db" }

    /// The files to lock before anything is touched: one beside the socket,
    /// one beside the database, so that neither can be shared by two daemons.
    var lockFiles: [String] {
        let besideSocket = ServerPaths.directory(of: control.socket) + "/orkd.lock"
        let besideDatabase = state.directory + "/orkd.lock"
        return state.mode == .file && besideDatabase != besideSocket
            ? [besideSocket, besideDatabase] : [besideSocket]
    }
}
