// MockUpstream: a scripted OpenRouter on a real socket, for tests and for trying things by hand.
// Here: the server, its scripts, the dialects, accounts and the journal of what happened.
// Not here: assertions, or anything of the daemon under test. May import NIO and the C library.

import NIOCore
import NIOPosix

/// A server that behaves like OpenRouter, or as badly as a test wants.
///
/// Without a script every known key gets a good answer in the dialect asked
/// for. Everything that arrives is in `requests`; everything that happens can
/// be awaited. Nothing polls.
public final class MockOpenRouter: Sendable {
    public let options: Options
    let journal: Journal
    let book = AccountBook()
    let scripts = Scripts()
    let listener: Listener

    private init(options: Options) {
        self.options = options
        journal = Journal(keeps: options.keepRequests)
        listener = Listener(threads: options.threads)
    }

    /// Starts a mock; port 0 takes any free one.
    public static func start(port: Int = 0, options: Options = Options()) async throws -> MockOpenRouter {
        let mock = MockOpenRouter(options: options)
        try await mock.listener.open(host: options.host, port: port) { [unowned mock] channel in
            try mock.welcome(channel)
        }
        return mock
    }

    /// Starts a mock, hands it over and stops it, whatever happens.
    @discardableResult
    public static func run<Result>(
        port: Int = 0, options: Options = Options(), _ body: (MockOpenRouter) async throws -> Result
    ) async throws -> Result {
        let mock = try await start(port: port, options: options)
        do {
            let result = try await body(mock)
            await mock.stop()
            return result
        } catch {
            await mock.stop()
            throw error
        }
    }

    public func stop() async { await listener.shutDown() }

    public var port: Int { listener.port }
    /// Without a path: `http://127.0.0.1:PORT`.
    public var origin: String { "http://\(options.host):\(port)" }

    private func welcome(_ channel: any Channel) throws {
        let connection = journal.connected()
        if listener.shouldDrop() {
            channel.resetConnection()
            return
        }
        try MockConnection.install(on: channel, number: connection, mock: self)
    }

    // What the mock knows.

    /// Adds a key, with its account unless that is known already.
    public func add(_ key: MockKey, account: Account? = nil) { book.add(key, account: account) }

    public func add(key secret: String, account: String = "user_mock") {
        add(MockKey(secret, account: account))
    }

    /// Every key with that prefix is good, and its own account.
    public func accept(prefix: String) { book.accept(prefix: prefix) }

    public func change(account id: String, _ change: (inout Account) -> Void) {
        book.change(account: id, change)
    }
    public func change(key secret: String, _ change: (inout MockKey) -> Void) {
        book.change(key: secret, change)
    }

    /// What a key was billed so far.
    public func billed(_ secret: String) -> USD { book.used(secret) }

    // What the mock does.

    /// What happens to the next requests of a key, a model or a path, one act
    /// each; then `afterwards` for ever, or the usual answer. A script for a
    /// key makes the key known.
    public func script(_ subject: Subject, _ acts: [Act], afterwards: Act? = nil) {
        scripts.set(subject, acts, afterwards: afterwards)
    }

    public func script(_ subject: Subject, _ acts: Act...) { scripts.set(subject, acts, afterwards: nil) }

    /// The same for ever.
    public func always(_ subject: Subject, _ act: Act) { scripts.set(subject, [], afterwards: act) }

    public func forgetScripts() { scripts.clear() }

    /// How many acts of that script have not been used yet.
    public func actsLeft(_ subject: Subject) -> Int { scripts.left(subject) }

    /// Connections are refused from now on; running ones stay.
    public func stopListening() async throws { try await listener.closeAndHoldPort() }

    /// Listens on the same port again.
    public func listenAgain() async throws {
        try await listener.open(host: options.host, port: port) { [unowned self] channel in
            try welcome(channel)
        }
    }

    /// Resets the next connections as soon as they are accepted.
    public func dropNextConnections(_ count: Int) { listener.drop(count) }

    /// Closes every connection that is open, as an idle time-out would.
    public func closeConnections() { listener.closeAll() }

    // What the mock saw.

    public var requests: [RecordedRequest] { journal.requests }
    public var events: [MockEvent] { journal.events }
    /// How many connections were accepted.
    public var connections: Int { journal.connections }
    /// How many requests came, also when they are not kept.
    public var count: Int { journal.heads }
    /// A place in the journal: `first(…, from:)` looks only behind it.
    public var mark: Int { journal.place }

    /// The first request of which that is true, now or later.
    ///
    /// - Throws: `MockTimeout` after `options.patience`.
    @discardableResult
    public func first(
        _ kind: MockEvent.Kind = .received, from mark: Int = 0,
        where matches: @escaping @Sendable (MockEvent) -> Bool = { _ in true }
    ) async throws -> MockEvent {
        try await journal.first(
            kind, from: mark, patience: options.patience, on: listener.group.next(), where: matches)
    }

    /// The first request from now on.
    public func next(
        _ kind: MockEvent.Kind = .received,
        where matches: @escaping @Sendable (MockEvent) -> Bool = { _ in true }
    ) async throws -> MockEvent {
        try await first(kind, from: mark, where: matches)
    }

    /// The first request that the peer gave up.
    @discardableResult
    public func awaitCancelled(
        from mark: Int = 0, where matches: @escaping @Sendable (RecordedRequest) -> Bool = { _ in true }
    ) async throws -> MockEvent {
        try await first(.cancelled, from: mark) { $0.request.map(matches) ?? false }
    }

    /// The bytes that arrived on a connection, if `options.keepRaw`.
    public func rawBytes(connection: Int) -> [UInt8] { listener.rawBytes(connection) }
}
