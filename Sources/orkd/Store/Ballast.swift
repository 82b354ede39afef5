import Glibc

/// Space that is kept on the disk for the moment when there is no other
/// (ruling 27): given up when a commit finds the disk full, so that what runs
/// can be recorded and an operator can make room; taken again once there is
/// room. Used by the writer's thread alone.
final class Ballast {
    private static let size: off_t = 2 << 20
    /// Nanoseconds between two tries to take it again.
    private static let pause: Int64 = 1_000_000_000

    private let path: String
    private var isHeld = false
    private var nextTry: Int64 = 0

    /// - Parameter path: of a file that is nothing else.
    init(path: String) { self.path = path }

    /// - Returns: whether the space is ours.
    func take() -> Bool {
        guard !isHeld else { return true }
        guard Monitor.now >= nextTry else { return false }
        nextTry = Monitor.now + Self.pause
        let file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        isHeld = posix_fallocate(file, 0, Self.size) == 0
        // A part of it would be room that others need.
        if !isHeld { ftruncate(file, 0) }
        close(file)
        return isHeld
    }

    /// - Returns: whether there was something to give up.
    func giveUp() -> Bool {
        guard isHeld else { return false }
        isHeld = false
        nextTry = Monitor.now + Self.pause
        return truncate(path, 0) == 0
    }
}
