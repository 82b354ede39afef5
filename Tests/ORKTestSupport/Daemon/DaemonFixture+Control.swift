public import Foundation
public import MockUpstream
import NIOConcurrencyHelpers
import ORKit

extension DaemonFixture {
    /// One call of the control API over the Unix socket.
    ///
    /// - Parameter mayIssue: the call is one that issues a client key, so
    ///   client keys in its answer are no leak. Upstream keys always are.
    @discardableResult
    public func control(
        _ method: String, _ target: String, _ body: JSON? = nil, headers: [(String, String)] = [],
        mayIssue: Bool = false
    )
        async throws -> Reply
    {
        var all = headers
        if !all.contains(where: { $0.0 == API.versionHeader }) {
            all.append((API.versionHeader, String(API.version)))
        }
        let reply = try await Caller(.unix(path: socket), key: nil, transcripts: mayIssue ? nil : answers)
            .send(method, target, headers: all, body: body.map { Array($0.encoded.utf8) })
        if mayIssue {
            state.withLockedValue { $0.outputs.append(("answer to \(target)", Data(reply.body), true)) }
        }
        return reply
    }

    public struct ControlRefused: Error, CustomStringConvertible {
        public let target: String
        public let reply: Reply
        public var description: String { "\(target) answered \(reply.status): \(reply.text)" }
    }

    /// Adds an upstream key that the mock knows too.
    ///
    /// - Parameter secret: a new canary when nil.
    /// - Returns: the secret.
    @discardableResult
    public func addKey(
        _ name: String, secret: String? = nil, account: String? = nil, with members: [JSON.Member] = []
    ) async throws -> String {
        let secret = newSecret(name, secret, account: account)
        var body: [JSON.Member] = [
            .init("name", .string(name)), .init("secret", .string(secret)), .init("check", false),
        ]
        if let account { body.append(.init("account", .string(account))) }
        let reply = try await control("POST", Route.keysAdd.path, .object(body + members))
        guard (200..<300).contains(reply.status) else {
            throw ControlRefused(target: Route.keysAdd.path, reply: reply)
        }
        return secret
    }

    /// A secret that the mock accepts and the pool does not have: for a
    /// command that brings it there. It is looked for when the daemon ends.
    ///
    /// - Parameters:
    ///   - name: what `keysUsed` calls it.
    ///   - secret: a new canary when nil.
    public func newSecret(_ name: String, _ secret: String? = nil, account: String? = nil) -> String {
        let canary = secret.map { Canary(name: "key \(name)", secret: $0) } ?? .upstreamKey("key \(name)")
        watch(canary)
        state.withLockedValue { $0.secrets[name] = canary.plain }
        mock.add(key: canary.plain, account: account.map { "user_" + $0 } ?? "user_" + name)
        return canary.plain
    }

    /// Has the keys of the options begin anew, whatever was learnt of them.
    public func resetKeys() async throws {
        try await control(
            "POST", Route.keysReset.path, ["select": .array(options.keys.map { .string($0) })])
    }

    /// Issues a client key.
    public func addClient(_ name: String, with members: [JSON.Member] = []) async throws -> String {
        let reply = try await control(
            "POST", Route.clientsAdd.path, .object([.init("name", .string(name))] + members), mayIssue: true)
        let item = reply.json?["items"]?.elements?.first?["item"] ?? reply.json?["item"]
        guard let secret = item?["secret"]?.text else {
            throw ControlRefused(target: Route.clientsAdd.path, reply: reply)
        }
        watch(Canary(name: "client \(name)", secret: secret), issuedHere: true)
        return secret
    }

    /// The key's view, as the control API tells it.
    public func key(_ name: String) async throws -> JSON {
        let reply = try await control("GET", Route.keysList.path + "?select=" + name)
        let items = reply.json?["items"]?.elements ?? []
        guard let item = items.first(where: { $0["name"]?.text == name }) else {
            throw ControlRefused(target: Route.keysList.path, reply: reply)
        }
        return item
    }

    /// A secret to look for when the daemon ends.
    public func watch(_ canary: Canary, issuedHere: Bool = false) {
        state.withLockedValue { state in
            state.canaries.append(canary)
            if issuedHere { state.issued.insert(canary.name) }
        }
    }

    /// Runs `orkctl` against this daemon.
    ///
    /// - Parameter mayIssue: the command is one that prints a client key, so
    ///   client keys in its output are no leak. Upstream keys always are.
    @discardableResult
    public func orkctl(_ arguments: [String], stdin: Data? = nil, mayIssue: Bool = false) async throws
        -> Program.Ran
    {
        var environment = environment
        environment["ORKD_SOCKET"] = socket
        let program = Program(
            try BuiltPrograms.path("orkctl"), environment: environment, directory: scratch.path)
        let ran = try await program.run(arguments, stdin: stdin)
        let label = "output of orkctl " + arguments.prefix(2).joined(separator: " ")
        state.withLockedValue {
            $0.outputs.append((label, ran.out + Data(ran.stderr.utf8), mayIssue))
        }
        return ran
    }

    @discardableResult
    public func orkctl(_ arguments: String..., stdin: String? = nil, mayIssue: Bool = false) async throws
        -> Program.Ran
    {
        try await orkctl(arguments, stdin: stdin.map { Data($0.utf8) }, mayIssue: mayIssue)
    }

    /// Starts `orkctl` against this daemon and leaves it running, to be talked
    /// with.
    public func talk(_ arguments: String..., onTerminal: Bool) throws -> LiveProgram {
        var environment = environment
        environment["ORKD_SOCKET"] = socket
        let program = try LiveProgram(
            try BuiltPrograms.path("orkctl"), arguments, environment: environment, onTerminal: onTerminal)
        state.withLockedValue { $0.talking.append(program) }
        return program
    }

    /// The output of a program that was talked with, to be searched too.
    public func keep(_ output: String, of label: String, mayIssue: Bool = false) {
        state.withLockedValue { $0.outputs.append((label, Data(output.utf8), mayIssue)) }
    }
}

extension Program.Ran {
    /// Standard output as JSON.
    public var json: JSON? { JSON(parsing: Array(out)) }

    /// `items` of a list or a change; empty when there are none.
    public var items: [JSON] { json?["items"]?.elements ?? [] }

    /// `error` of the one object that a failed command with `-o json` writes
    /// on standard error; nil when there is anything else.
    public var failure: JSON? { JSON(parsing: Array(stderr.utf8))?["error"] }
}
