import ORKit
import Testing

@testable import orkd

@Suite("Layers of the configuration")
struct LayersTests {
    @Test("without any layer every value is its default and the daemon listens on loopback")
    func defaults() throws {
        let configuration = try load().get()
        #expect(configuration.proxy.listen == [ListenAddress(host: "127.0.0.1", port: 8080)])
        #expect(configuration.upstream.baseURL == .openRouter)
        #expect(configuration.proxy.auth == .required)
        #expect(configuration.settings.allSatisfy { $0.source == "default" })
        #expect(configuration.remarks == [])
    }

    @Test("flags beat environment, environment beats .env, .env beats drop-ins, drop-ins beat the file")
    func precedence() throws {
        let file = "[pool]\nattempts = 1\n"
        let dropIns = [
            "b.toml": "[pool]\nattempts = 3", "a.toml": "[pool]\nattempts = 2", "c.txt": "rubbish",
        ]
        func attempts(_ result: Result<Configuration, ConfigErrors>) throws -> (Int, String) {
            let configuration = try result.get()
            return (configuration.pool.attempts, configuration.source(of: "pool.attempts").description)
        }
        #expect(try attempts(load(file)) == (1, "/etc/orkd/orkd.toml:2"))
        #expect(try attempts(load(file, dropIns: dropIns)) == (3, "/etc/orkd/orkd.toml.d/b.toml:2"))
        let env = "# mine\nORKD_POOL_ATTEMPTS=4\n"
        #expect(try attempts(load(file, dropIns: dropIns, env: env)) == (4, ".env:2"))
        let variables = ["ORKD_POOL_ATTEMPTS": "5"]
        #expect(
            try attempts(load(file, dropIns: dropIns, env: env, environment: variables)) == (
                5, "env:ORKD_POOL_ATTEMPTS"
            ))
        let flags = ["pool.attempts": "6"]
        #expect(
            try attempts(load(file, dropIns: dropIns, env: env, environment: variables, flags: flags)) == (
                6, "flag"
            ))
    }

    @Test("everything that is wrong in all layers is reported at once, each with its place")
    func allErrors() {
        let lines = load(
            "[proxy]\nlisten = [\"127.0.0.1:8080\"]\nbody_limit = \"huge\"\n[pool]\nattempts = 99\n",
            env: "nonsense\nORKD_STATE_MODE=disk\n", environment: ["PORT": "70000"],
            flags: ["log.level": "loud"]
        ).lines
        #expect(
            lines == [
                ".env:1: expected NAME=value",
                "/etc/orkd/orkd.toml:3:1: proxy.body_limit: “huge” is not a size: write “50MiB”, “16KiB”, “1GiB”",
                "/etc/orkd/orkd.toml:5:1: pool.attempts: not within: integer, 1 to 10",
                ".env:2: ORKD_STATE_MODE: state.mode: “disk” is not one of file, memory",
                "environment variable PORT: “70000” is not a port, 0 to 65535",
                "flag: log.level: “loud” is not one of trace, debug, info, notice, warning, error, critical",
            ])
    }

    @Test("HOST and PORT make one listener; what is missing comes from the layer below")
    func hostAndPort() throws {
        func listen(_ environment: [String: String], _ file: String? = nil) throws -> (String, String) {
            let configuration = try load(file, environment: environment).get()
            let value = configuration.proxy.listen.map(\.description).joined(separator: ", ")
            return (value, configuration.source(of: "proxy.listen").description)
        }
        let file = "proxy.listen = [\"[::1]:9000\", \"127.0.0.1:9000\"]"
        #expect(try listen(["PORT": "3000"]) == ("127.0.0.1:3000", "env:PORT"))
        #expect(try listen(["HOST": "0.0.0.0"]) == ("0.0.0.0:8080", "env:HOST"))
        #expect(try listen(["HOST": "::", "PORT": "1"]) == ("[::]:1", "env:HOST,PORT"))
        #expect(try listen(["PORT": "3000"], file) == ("[::1]:3000", "env:PORT"))
        #expect(try listen(["PORT": ""]) == ("127.0.0.1:8080", "default"))
        let both = try load(environment: ["PORT": "3000", "ORKD_PROXY_LISTEN": "127.0.0.1:1,[::1]:1"]).get()
        #expect(both.proxy.listen.count == 2)
        #expect(both.remarks == ["ORKD_PROXY_LISTEN and PORT are both set: ORKD_PROXY_LISTEN wins"])
    }

    @Test("the variables of other gateways are honoured, or named as not used in one remark")
    func foreignVariables() throws {
        let configuration = try load(environment: [
            "OPENROUTER_BASE_URL": "https://example.org/api", "HTTP_REFERER": "https://me", "SITE_NAME": "Me",
            "ENABLE_HSTS": "true", "DEBUG": "true", "APIKEYROUTER_DEFAULT_COOLDOWN_SECONDS": "90",
            "LOG_RETENTION_DAYS": "14", "REDIS_URL": "redis://x", "REDIS_PASSWORD": "hunter2",
            "MONGODB_URL": "m",
            "SUPABASE_KEY": "s", "ADMIN_USERNAME": "a", "CORS_ORIGINS": "*",
            "APIKEYROUTER_MAX_DECISIONS": "7", "APIKEYROUTER_MAX_TRANSITIONS": "8",
            "APIKEYROUTER_MAX_WISHES": "9",
            "PATH": "/bin",
        ]).get()
        #expect(configuration.upstream.baseURL.text == "https://example.org/api/v1")
        #expect(configuration.upstream.siteURL == "https://me")
        #expect(configuration.upstream.siteName == "Me")
        #expect(configuration.proxy.hsts)
        #expect(configuration.proxy.corsOrigins == ["*"])
        #expect(configuration.log.level == .debug)
        #expect(configuration.pool.defaultCooldown == 90_000)
        #expect(configuration.state.requestDays == 14)
        #expect(configuration.state.requestCount == 7 && configuration.state.transitionCount == 8)
        #expect(configuration.remarks.count == 1)
        let remark = try #require(configuration.remarks.first)
        #expect(
            remark.contains("MONGODB_URL, REDIS_PASSWORD, REDIS_URL, SUPABASE_KEY (state is kept in SQLite)"))
        #expect(remark.contains("APIKEYROUTER_MAX_WISHES (not used)") && !remark.contains("MAX_DECISIONS"))
        #expect(!remark.contains("hunter2") && !remark.contains("PATH"))
    }

    @Test(
        "two variables for one setting that differ are a conflict: the more specific wins and a remark says so"
    )
    func conflicts() throws {
        let configuration = try load(environment: [
            "ORKD_LOG_LEVEL": "warning", "APIKEYROUTER_LOG_LEVEL": "info", "DEBUG": "false",
            "OPENROUTER_SITE_NAME": "a", "SITE_NAME": "a", "ORKD_LGO_LEVEL": "x",
        ]).get()
        #expect(configuration.log.level == .warning)
        #expect(
            configuration.remarks == [
                "ORKD_LOG_LEVEL and APIKEYROUTER_LOG_LEVEL both set log.level and differ: ORKD_LOG_LEVEL wins",
                "ORKD_LGO_LEVEL is not a variable of orkd; did you mean ORKD_LOG_LEVEL?",
            ])
    }

    @Test("a configuration file that was named must exist; the standard one need not")
    func namedFile() {
        let missing = Configuration.load(
            arguments: FlagValues(configFile: "/nowhere.toml"), environment: [:], files: FakeFiles().files)
        #expect(missing.lines == ["/nowhere.toml:1:1: there is no such file"])
        let byVariable = Configuration.load(
            environment: ["ORKD_CONFIG": "/there.toml"], files: FakeFiles().files)
        #expect(byVariable.lines == ["/there.toml:1:1: there is no such file"])
        let environmentFile = Configuration.load(
            arguments: FlagValues(environmentFile: "my.env"), environment: [:], files: FakeFiles().files)
        #expect(environmentFile.lines == ["my.env:1: there is no such file"])
    }

    @Test("the difference of two configurations tells what waits for a restart")
    func difference() throws {
        let before = try load().get()
        let after = try load("pool.strategy = \"lru\"\npool.attempts = 4\nproxy.head_fields = 99").get()
        let (changeable, needsRestart) = after.difference(to: before)
        #expect(changeable == ["pool.strategy", "pool.attempts"])
        #expect(needsRestart == ["proxy.head_fields"])
        let running = before.adopting(after)
        #expect(running.pool.attempts == 4)
        #expect(running.source(of: "pool.attempts").description == "/etc/orkd/orkd.toml:2")
        #expect(running.proxy.headFields == before.proxy.headFields)
        #expect(running.source(of: "proxy.head_fields") == .standard)
        #expect(after.difference(to: running).changeable == [])
        #expect(after.adopting(before).source(of: "pool.attempts") == .standard)
    }
}
