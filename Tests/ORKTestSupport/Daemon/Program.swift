public import Foundation

/// Runs a program to its end.
public struct Program: Sendable {
    public var path: String
    public var environment: [String: String]
    public var directory: String?
    public var patience = Duration.seconds(60)

    /// How it ended. A signal counts as 128 and its number, as in a shell.
    public struct Ran: Sendable {
        public var status: Int32
        public var stdout: String
        public var stderr: String
        public var duration: Duration
        public var out: Data
    }

    public init(_ path: String, environment: [String: String], directory: String? = nil) {
        self.path = path
        self.environment = environment
        self.directory = directory
    }

    /// - Parameter stdin: nothing at all when nil; otherwise a file that holds
    ///   these bytes. Neither is a terminal.
    public func run(_ arguments: [String], stdin: Data? = nil) async throws -> Ran {
        let scratch = try ScratchDirectory(prefix: "ork-run")
        defer { scratch.remove() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let out = try scratch.file("stdout")
        let err = try scratch.file("stderr")
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        if let stdin {
            let file = try scratch.file("stdin", stdin)
            process.standardInput = try FileHandle(forReadingFrom: file)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        let started = ContinuousClock.now
        let status = try await process.runToEnd(patience: patience)
        let bytes = try Data(contentsOf: out)
        return Ran(
            status: status, stdout: String(decoding: bytes, as: UTF8.self),
            stderr: String(decoding: try Data(contentsOf: err), as: UTF8.self), duration: .now - started,
            out: bytes)
    }
}

extension Process {
    /// As a shell tells it.
    var shellStatus: Int32 {
        terminationReason == .uncaughtSignal ? 128 + terminationStatus : terminationStatus
    }

    /// Runs and waits; kills it after `patience`.
    func runToEnd(patience: Duration) async throws -> Int32 {
        let box = ProcessBox(self)
        return try await withCheckedThrowingContinuation { continuation in
            terminationHandler = { continuation.resume(returning: $0.shellStatus) }
            do {
                try run()
            } catch {
                terminationHandler = nil
                continuation.resume(throwing: error)
                return
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + Double(patience.components.seconds)) {
                box.killIfRunning()
            }
        }
    }
}

/// A process handed to another thread: only its id is used there.
private final class ProcessBox: @unchecked Sendable {
    private weak var process: Process?
    init(_ process: Process) { self.process = process }
    func killIfRunning() {
        if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

/// A new directory of ours alone, with a short path: Unix sockets allow 107
/// bytes.
public struct ScratchDirectory: Sendable {
    public let path: String

    public init(prefix: String = "ork") throws {
        var template = Array("/tmp/\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteNoPermission) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// A file of that name, mode 0600.
    @discardableResult
    public func file(_ name: String, _ data: Data = Data()) throws -> URL {
        let place = path + "/" + name
        guard
            FileManager.default.createFile(
                atPath: place, contents: data, attributes: [.posixPermissions: 0o600])
        else {
            throw CocoaError(.fileWriteUnknown)
        }
        return URL(fileURLWithPath: place)
    }
}
