@preconcurrency import Dispatch
import Glibc
import NIOConcurrencyHelpers

/// The service manager's side of `sd_notify`: a datagram socket on which a
/// daemon says that it is ready.
///
/// Read with plain system calls: the daemon's end has no name, and NIO has no
/// address for such a sender.
public final class NotifySocket: Sendable {
    private struct State {
        var messages: [String] = []
        var waiters:
            [(id: Int, matches: @Sendable (String) -> Bool, resume: CheckedContinuation<String, any Error>)] =
                []
        var count = 0
    }

    public struct Silent: Error, CustomStringConvertible {
        public let seen: [String]
        public var description: String { "the daemon did not say so in time; it said: \(seen)" }
    }

    public let path: String
    private let descriptor: Int32
    private let source: any DispatchSourceRead
    private let state: NIOLockedValueBox<State>

    public struct CannotListen: Error {
        public let path: String
        public let errno: Int32
    }

    public init(path: String) throws {
        let state = NIOLockedValueBox(State())
        self.path = path
        self.state = state
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { place in
            guard path.utf8.count < place.count else { return false }
            place.copyBytes(from: path.utf8)
            return true
        }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard fits, bound == 0 else { throw CannotListen(path: path, errno: errno) }
        self.descriptor = descriptor
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                Self.add(String(decoding: buffer[..<count], as: UTF8.self), to: state)
            }
        }
        source.setCancelHandler { Glibc.close(descriptor) }
        source.activate()
    }

    public var messages: [String] { state.withLockedValue { $0.messages } }

    /// The first such message, now or later.
    ///
    /// - Parameter seen: so many messages are not looked at again.
    @discardableResult
    public func first(
        within patience: Duration, after seen: Int = 0, where matches: @escaping @Sendable (String) -> Bool
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            let id: Int? = state.withLockedValue { state in
                if let known = state.messages.dropFirst(seen).first(where: matches) {
                    continuation.resume(returning: known)
                    return nil
                }
                state.count += 1
                state.waiters.append((state.count, matches, continuation))
                return state.count
            }
            guard let id else { return }
            let wait = DispatchTimeInterval.milliseconds(Int(patience / .milliseconds(1)))
            DispatchQueue.global().asyncAfter(deadline: .now() + wait) { self.giveUp(id) }
        }
    }

    /// Something that happened beside the socket, such as the process ending.
    public func add(_ message: String) { Self.add(message, to: state) }

    public func close() { source.cancel() }

    private func giveUp(_ id: Int) {
        let (waiter, seen) = state.withLockedValue { state in
            let place = state.waiters.firstIndex { $0.id == id }
            return (place.map { state.waiters.remove(at: $0) }, state.messages)
        }
        waiter?.resume.resume(throwing: Silent(seen: seen))
    }

    private static func add(_ message: String, to state: NIOLockedValueBox<State>) {
        let told = state.withLockedValue { state in
            state.messages.append(message)
            let told = state.waiters.filter { $0.matches(message) }
            state.waiters.removeAll { waiter in told.contains { $0.id == waiter.id } }
            return told
        }
        for waiter in told { waiter.resume.resume(returning: message) }
    }
}
