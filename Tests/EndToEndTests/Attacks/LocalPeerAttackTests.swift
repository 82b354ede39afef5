import Foundation
import Glibc
import MockUpstream
import ORKTestSupport
import Testing

/// `reliability.md` B4, lines 41 and 45: who speaks on the control socket is
/// what the kernel said when the connection was made, and a web page is
/// nobody.
@Suite("Attacks on the control socket") struct LocalPeerAttackTests {
    /// Asks for the status over a connection that one identity made and
    /// another one uses; prints the status of the answer.
    private static let script = """
        import os, socket, sys
        how, path = sys.argv[1], sys.argv[2]
        ask = b"GET /v1/status HTTP/1.1\\r\\nHost: orkd\\r\\nOrkd-API: 1\\r\\nConnection: close\\r\\n\\r\\n"
        def become_nobody():
            os.setgroups([]); os.setgid(65534); os.setuid(65534)
        def made():
            s = socket.socket(socket.AF_UNIX); s.connect(path); return s
        def use(s):
            s.sendall(ask); print(s.recv(65536).split(b" ")[1].decode(), flush=True)
        if how == "before": s = made(); become_nobody(); use(s)
        elif how == "after": become_nobody(); use(made())
        else:
            here, there = socket.socketpair()
            child = os.fork()
            if child == 0:
                if how == "from-nobody": become_nobody(); s = made(); socket.send_fds(there, [b"x"], [s.fileno()])
                else:
                    data, files, _, _ = socket.recv_fds(there, 1, 1); become_nobody()
                    use(socket.socket(fileno=files[0]))
                os._exit(0)
            if how == "from-nobody":
                data, files, _, _ = socket.recv_fds(here, 1, 1); use(socket.socket(fileno=files[0]))
            else: s = made(); socket.send_fds(here, [b"x"], [s.fileno()])
            os.waitpid(child, 0)
        """

    @Test(
        "6 identities that change, travel or pretend: the one that connected decides", .proves("B4-41"),
        .enabled(if: geteuid() == 0, "only root can be another user"))
    func identity() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            // As if an operator had been careless with the rights of the files.
            for path in [daemon.scratch.path, daemon.scratch.path + "/run"] { chmod(path, 0o711) }
            chmod(daemon.socket, 0o666)
            let python = Program("/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"], directory: "/")
            for (how, status) in [
                ("before", "200"), ("after", "403"), ("from-root", "200"), ("from-nobody", "403"),
            ] {
                let ran = try await python.run(["-c", Self.script, how, daemon.socket])
                #expect(ran.stdout == status + "\n", "\(how): \(ran.stdout) \(ran.stderr)")
            }
            // Root of a namespace of its own, and its group, are still nobody out here.
            let stranger = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"]
            let inside = ["unshare", "--user", "--map-root-user", "--"]
            let asks = [
                "python3", "-c",
                Self.script.replacing("os.setgroups([]); os.setgid(65534); os.setuid(65534)", with: "pass"),
                "after", daemon.socket,
            ]
            let setpriv = Program("/usr/bin/setpriv", environment: ["PATH": "/usr/bin:/bin"], directory: "/")
            for words in [stranger + asks, stranger + inside + asks] {
                let ran = try await setpriv.run(words)
                let isForbiddenHere = ran.stderr.hasPrefix("unshare")
                #expect(ran.stdout == "403\n" || isForbiddenHere, "\(ran.stdout) \(ran.stderr)")
            }
            print("B4-41: 6 variants")
        }
    }

    @Test("31 requests that a web page could make are refused, and change nothing", .proves("B4-45"))
    func page() async throws {
        try await withDaemon { (daemon: DaemonFixture) async throws in
            let good = [("Host", "orkd"), ("Orkd-API", "1")]
            #expect(try await daemon.control("GET", "/v1/status", headers: good).status == 200)
            var tally = Tally()
            for (name, value) in [
                ("Origin", "http://localhost"), ("Origin", "null"), ("Origin", "https://evil.example"),
                ("Origin", "http://orkd"),
                ("Origin", ""), ("Referer", "http://localhost/"), ("Referer", "http://orkd/"),
                ("Sec-Fetch-Site", "same-origin"),
                ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"),
                ("Sec-Fetch-User", "?1"),
            ] {
                for method in ["GET", "POST"] {
                    let target = method == "GET" ? "/v1/keys" : "/v1/daemon/drain"
                    let reply = try await daemon.control(
                        method, target, method == "GET" ? nil : [:], headers: good + [(name, value)])
                    #expect(
                        reply.status == 403 && reply.errorCode == "forbidden", "\(method) \(name): \(value)")
                    tally.add(reply)
                }
            }
            for host in ["evil.example", "127.0.0.1:8080", "localhost.evil.example", "orkd.evil", "evil:80"] {
                let reply = try await daemon.control(
                    "GET", "/v1/keys", headers: [("Host", host), ("Orkd-API", "1")])
                #expect(reply.status == 403, "\(host)")
                tally.add(reply)
            }
            // What a form can send without asking: no field of its own.
            for type in ["text/plain", "application/x-www-form-urlencoded"] {
                let caller = Caller(.unix(path: daemon.socket), key: nil)
                let reply = try await caller.send(
                    "POST", "/v1/daemon/drain", headers: [("Host", "orkd"), ("Content-Type", type)],
                    body: Array("{}".utf8))
                #expect(
                    reply.status == 400 && reply.errorCode == "protocol-mismatch", "\(type): \(reply.text)")
                tally.add(reply)
            }
            #expect(tally.total == 31)
            #expect(try await daemon.caller.chat().status == 200)
            tally.print("45")
        }
    }
}
