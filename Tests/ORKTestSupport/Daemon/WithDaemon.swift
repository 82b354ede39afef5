import Foundation
import MockUpstream
import NIOConcurrencyHelpers
public import Testing

/// Starts a mock and the daemon, runs the body, ends both, and fails the test
/// if a canary is found in anything that was written.
///
/// - Parameters:
///   - start: false leaves starting to the body.
///   - alone: no other daemon runs meanwhile; for tests that measure time.
///
/// What the programs wrote is kept: in `ORK_TEST_OUTPUT`, or in
/// `ork-test-output` of the temporary directory, under the test's name.
@discardableResult
public func withDaemon<Result>(
    _ options: DaemonOptions = DaemonOptions(), start: Bool = true, alone: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (DaemonFixture) async throws -> Result
) async throws -> Result {
    guard !Turnstile.isInside else { throw DaemonInsideDaemon() }
    await QuietProcess.reached.value
    let places = alone ? Turnstile.daemons.places : 1
    await Turnstile.daemons.enter(places)
    defer { Turnstile.daemons.leave(places) }
    let mock = try await MockOpenRouter.start(options: options.mock)
    let fixture: DaemonFixture
    do {
        fixture = try DaemonFixture(options, mock: mock)
    } catch {
        await mock.stop()
        throw error
    }
    do {
        if start {
            try await fixture.start()
            try await fixture.provision()
        }
        let result = try await Turnstile.$isInside.withValue(true) { try await body(fixture) }
        await fixture.end(sourceLocation)
        return result
    } catch {
        await fixture.end(sourceLocation)
        throw error
    }
}

/// Few of them at once, each waiting for the place of another, would never end:
/// the first daemon must end before the second begins.
public struct DaemonInsideDaemon: Error {}

extension DaemonFixture {
    /// Adds the keys and the client of the options: for tests that start the
    /// daemon themselves.
    public func provision() async throws {
        for name in options.keys { try await addKey(name, account: options.accounts?(name)) }
        guard let client = options.client else { return }
        let secret = try await addClient(client)
        state.withLockedValue { $0.clientSecret = secret }
    }

    /// Stops everything, keeps the output, searches, removes the directory.
    func end(_ sourceLocation: SourceLocation) async {
        for program in state.withLockedValue({ $0.talking }) { program.stop() }
        if isRunning {
            send(signal: SIGTERM)
            send(signal: SIGTERM)
            if (try? await exit()) == nil { _ = try? await kill9() }
        }
        await mock.stop()
        notify.withLockedValue { $0 }?.close()
        let scan = search()
        for hit in scan.hits { Issue.record("a secret was found: \(hit)", sourceLocation: sourceLocation) }
        keepOutput()
        scratch.remove()
    }

    /// Everything that was written so far, searched for all canaries.
    public func search() -> SecretScan {
        let state = state.withLockedValue { $0 }
        var scan = SecretScan(state.canaries + masterKey)
        scan.search(directory: scratch.path, except: ["inputs", "issued"])
        var upstream = SecretScan(state.canaries.filter { !state.issued.contains($0.name) })
        for output in state.outputs {
            if output.mayIssue {
                upstream.search(output.data, place: output.label)
            } else {
                scan.search(output.data, place: output.label)
            }
        }
        for answer in answers.all { scan.search(Data(answer.bytes), place: answer.label) }
        scan.add(upstream.hits + state.hits)
        scan.forget { $0.canary == Self.masterKeyName && $0.place == "state/master.key" }
        return scan
    }

    private static let masterKeyName = "master key"

    /// As text and as what the text stands for; in its own file it may be.
    private var masterKey: [Canary] {
        guard let data = FileManager.default.contents(atPath: stateDirectory + "/master.key"), !data.isEmpty
        else { return [] }
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isNewline }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let decoded = Data(base64Encoded: standard).map { Canary(name: Self.masterKeyName, bytes: Array($0)) }
        return [Canary(name: Self.masterKeyName, secret: text)] + [decoded].compactMap { $0 }
    }

    private func keepOutput() {
        let files = FileManager.default
        let root =
            ProcessInfo.processInfo.environment["ORK_TEST_OUTPUT"] ?? files.temporaryDirectory.path
            + "/ork-test-output"
        let name = (Test.current?.name ?? "unnamed").map { $0.isLetter || $0.isNumber ? $0 : "-" }.prefix(80)
        let place = root + "/" + String(name)
        // Keeping output is a courtesy: a full disk must not fail the test.
        try? files.removeItem(atPath: place)
        try? files.createDirectory(atPath: root, withIntermediateDirectories: true)
        try? files.copyItem(atPath: scratch.path + "/logs", toPath: place)
        try? files.copyItem(atPath: configFile, toPath: place + "/orkd.toml")
    }
}
