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
            for name in options.keys { try await fixture.addKey(name) }
            if let client = options.client {
                let secret = try await fixture.addClient(client)
                fixture.state.withLockedValue { $0.clientSecret = secret }
            }
        }
        let result = try await body(fixture)
        await fixture.end(sourceLocation)
        return result
    } catch {
        await fixture.end(sourceLocation)
        throw error
    }
}

extension DaemonFixture {
    /// Stops everything, keeps the output, searches, removes the directory.
    func end(_ sourceLocation: SourceLocation) async {
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
        var scan = SecretScan(state.canaries)
        scan.search(directory: scratch.path, except: ["inputs", "issued"])
        var upstream = SecretScan(state.canaries.filter { !state.issued.contains($0.name) })
        for output in state.outputs {
            if output.mayIssue {
                upstream.search(output.data, place: output.label)
            } else {
                scan.search(output.data, place: output.label)
            }
        }
        scan.add(upstream.hits + state.hits)
        return scan
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
