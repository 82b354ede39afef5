internal import ArgumentParser
internal import ORKit

/// What a client may ask for, and from where.
struct AllowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A model that it may use, or a pattern; none for all of them (repeatable).", valueName: "model"))
    var allowModel: [String] = []

    @Option(
        help: ArgumentHelp(
            "A path below /v1 that it may call, or a pattern; none for all (repeatable).", valueName: "path"))
    var allowEndpoint: [String] = []

    @Option(
        help: ArgumentHelp(
            "An address or range that it may call from; none for all (repeatable).", valueName: "range"))
    var allowIp: [String] = []

    @Option(
        help: ArgumentHelp(
            "A domain whose pages may call; none for all (repeatable).", valueName: "domain"))
    var allowReferrer: [String] = []

    var isEmpty: Bool {
        allowModel.isEmpty && allowEndpoint.isEmpty && allowIp.isEmpty && allowReferrer.isEmpty
    }

    // Nil where nothing was said; empty where all is allowed.

    func models() throws -> [String]? { try Self.list(allowModel, "--allow-model") }
    func endpoints() throws -> [String]? { try Self.list(allowEndpoint, "--allow-endpoint") }
    func addresses() throws -> [String]? { try Self.list(allowIp, "--allow-ip") }
    func referrers() throws -> [String]? { try Self.list(allowReferrer, "--allow-referrer") }

    /// Each option may hold several with commas.
    private static func list(_ options: [String], _ name: String) throws -> [String]? {
        guard !options.isEmpty else { return nil }
        let entries = options.flatMap {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard !entries.contains("") else {
            throw CodedError(.usage, "\(name) is empty", hints: ["allow all again:   \(name) none"])
        }
        guard entries.contains("none") else { return entries }
        guard entries.count == 1 else { throw CodedError(.usage, "\(name) none stands alone") }
        return []
    }
}
