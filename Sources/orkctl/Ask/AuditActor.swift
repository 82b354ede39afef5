internal import ArgumentParser
import Glibc
import ORKit

/// Who changed something, as the control API names it: a user of this system by
/// number, `orkd` for the daemon itself, or somebody who came over the data port.
struct AuditActor: ExpressibleByArgument, Equatable {
    let word: String

    /// - Parameter argument: also the name of a user that this system knows.
    init?(argument: String) {
        if argument == "orkd" || UInt32(argument) != nil || AuditView.namesCaller(argument) {
            word = argument
        } else if let uid = Self.uid(named: argument) {
            word = String(uid)
        } else {
            return nil
        }
    }

    private static func uid(named name: String) -> uid_t? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        let failure = getpwnam_r(name, &entry, &buffer, buffer.count, &found)
        return failure == 0 && found != nil ? entry.pw_uid : nil
    }
}
