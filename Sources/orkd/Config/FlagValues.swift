/// What the command line said, in the form that the loader takes.
struct FlagValues: Sendable {
    /// `--config`: must exist.
    var configFile: String?
    /// `--env-file`: read instead of `.env`; must exist.
    var environmentFile: String?
    /// `--user` or `--no-user`; nil when neither was given.
    var user: Bool?
    /// Settings by name: `--listen` sets `proxy.listen`, and so on. The texts
    /// are read as those of variables are.
    var settings: [String: String] = [:]
}
