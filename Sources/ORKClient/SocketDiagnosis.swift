import Glibc
internal import ORKit

/// Why the control socket cannot be opened, and what to do about it.
enum SocketDiagnosis {
    /// - Parameter number: the `errno` of the failed connect.
    static func error(for number: Int32, at path: String) -> CodedError {
        var status = stat()
        let exists = stat(path, &status) == 0
        switch number {
        case EACCES, EPERM:
            return CodedError(
                .forbidden, "cannot open \(path): permission denied", hints: groupHint(for: path).map { [$0] }
            )
        case ENOENT, ENOTDIR:
            return CodedError(
                .daemonAbsent, "no daemon: there is no socket at \(path)", hints: [startHint, otherHint])
        case ECONNREFUSED where exists && status.st_mode & S_IFMT != S_IFSOCK:
            return CodedError(.daemonAbsent, "no daemon: \(path) is not a socket", hints: [otherHint])
        case ECONNREFUSED:
            return CodedError(
                .daemonAbsent, "no daemon: nobody listens at \(path)", hints: [startHint, otherHint])
        default:
            // libcurl does not always say which error it was.
            if !exists, errno == EACCES { return error(for: EACCES, at: path) }
            if !exists { return error(for: ENOENT, at: path) }
            if access(path, W_OK) != 0 { return error(for: EACCES, at: path) }
            return number == 0
                ? error(for: ECONNREFUSED, at: path)
                : CodedError(.daemonAbsent, "cannot open \(path): \(systemText(number))")
        }
    }

    private static func systemText(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }

    private static let otherHint = "name its socket:   orkctl --socket PATH status"

    /// Where systemd runs and knows the unit, it is the one to ask.
    private static var startHint: String {
        let unitIsKnown = ["/etc", "/usr/lib", "/lib"].contains { directory in
            access("\(directory)/systemd/system/orkd.service", F_OK) == 0
        }
        let systemdRuns = access("/run/systemd/system", F_OK) == 0
        return "start it:   " + (systemdRuns && unitIsKnown ? "sudo systemctl start orkd" : "orkd")
    }

    /// Names the group that may open the socket, if it is not root's.
    private static func groupHint(for path: String) -> String? {
        var status = stat()
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard stat(path, &status) == 0 || stat(directory, &status) == 0, status.st_gid != 0,
            let group = name(ofGroup: status.st_gid), let user = name(ofUser: geteuid())
        else { return nil }
        return "admins are in group “\(group)”; you (\(user)) are not:   sudo usermod -aG \(group) \(user)"
    }

    private static func name(ofGroup id: gid_t) -> String? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let start = buffer.baseAddress, getgrgid_r(id, &entry, start, buffer.count, &found) == 0,
                found != nil
            else { return nil }
            return entry.gr_name.map { String(cString: $0) }
        }
    }

    private static func name(ofUser id: uid_t) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            guard let start = buffer.baseAddress, getpwuid_r(id, &entry, start, buffer.count, &found) == 0,
                found != nil
            else { return nil }
            return entry.pw_name.map { String(cString: $0) }
        }
    }
}
