import Glibc
import ORKit

/// The figures that every Prometheus client library gives of its process,
/// under the names that they share.
struct ProcessFigures {
    var cpuSeconds: Double
    var residentBytes: Int64
    var openFiles: Int
    var fileLimit: Int
    var startedAt: WallTime

    static func now(startedAt: WallTime) -> ProcessFigures {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let micros = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return ProcessFigures(
            cpuSeconds: Double(seconds) + Double(micros) / 1_000_000,
            residentBytes: ProcessMemory.residentBytes, openFiles: FileDescriptors.open,
            fileLimit: FileDescriptors.limit, startedAt: startedAt)
    }

    func write(to text: inout MetricsText) {
        text.value(
            "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.",
            cpuSeconds)
        text.value(
            "process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", residentBytes)
        text.value("process_open_fds", .gauge, "Number of open file descriptors.", openFiles)
        text.value("process_max_fds", .gauge, "Maximum number of open file descriptors.", fileLimit)
        text.value(
            "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.",
            startedAt.milliseconds / 1000)
    }
}
