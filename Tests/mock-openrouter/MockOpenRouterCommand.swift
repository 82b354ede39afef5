// mock-openrouter: the mock upstream as a program, for `make run`, load tests and trying things by hand.
// Here: flags, and the one line that says where it listens.
// Not here: behaviour, which is in MockUpstream. May import ArgumentParser and MockUpstream.

import ArgumentParser
import MockUpstream

#if canImport(Glibc)
@preconcurrency import Glibc
#else
import Darwin
#endif

@main
struct MockOpenRouterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mock-openrouter", abstract: "An OpenRouter that costs nothing, on this machine.",
        discussion: "Serves /v1 and /api/v1 until it is stopped. Prints its address on standard output.")

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 8081

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Milliseconds between the events of a stream.")
    var streamGapMs = 20

    @Option(help: "Words in every answer; a readable sentence without it.")
    var chunks: Int?

    @Option(help: "Keep-alive comments before the first event of a stream.")
    var comments = 0

    @Option(help: "Accept every key with this prefix.")
    var acceptPrefix = "sk-"

    @Option(
        help: ArgumentHelp(
            "What goes wrong, for every key: \(FaultWord.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "word"))
    var fault: FaultWord?

    @Option(help: "Event loops.")
    var threads = 1

    func validate() throws {
        guard streamGapMs >= 0, comments >= 0, chunks ?? 1 > 0, threads > 0 else {
            throw ValidationError("numbers are not negative, and --chunks and --threads at least 1")
        }
    }

    func run() async throws {
        var options = MockOpenRouter.Options()
        options.host = host
        options.threads = threads
        options.chunks = chunks
        options.stream.gap = .milliseconds(streamGapMs)
        options.stream.comments = comments
        options.keepRequests = false
        let mock: MockOpenRouter
        do {
            mock = try await MockOpenRouter.start(port: port, options: options)
        } catch {
            throw ValidationError("cannot listen on \(host):\(port) (\(error)); choose another with --port")
        }
        mock.accept(prefix: acceptPrefix)
        if let fault { mock.always(.everything, fault.act) }
        // A script that reads this through a pipe must see it at once.
        setvbuf(stdout, nil, _IOLBF, 0)
        print("mock OpenRouter at \(mock.origin)/api/v1   (any key that starts with \(acceptPrefix))")
        // Until a signal ends the process.
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}

/// Faults by name.
enum FaultWord: String, CaseIterable, ExpressibleByArgument {
    case unauthorized, bare429, free429, credits, down, slow, silence, reset, html, okError, midError,
        truncated

    var act: Act {
        switch self {
        case .unauthorized: .unauthorized
        case .bare429: .bare429
        case .free429: .freeTier(resetAt: MockOpenRouter.Options.wallClock() + 30_000)
        case .credits: .refuse(.creditsOut)
        case .down: .refuse(.providerDown(502))
        case .slow: Act.usual.after(.seconds(5))
        case .silence: .silence
        case .reset: .resetAtOnce
        case .html: .html()
        case .okError: .okWithError()
        case .midError: .stream { $0.fault = .error(502, after: 3) }
        case .truncated: .stream { $0.fault = .cut(after: 3) }
        }
    }
}
