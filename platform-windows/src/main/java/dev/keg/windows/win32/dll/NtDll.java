package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.IntByReference;
import org.jspecify.annotations.Nullable;

/** {@code ntdll.dll}, from {@code winternl.h}. The functions return NTSTATUS values. */
public interface NtDll extends Library {
  int SystemTimeOfDayInformation = 3;

  int NtQuerySystemInformation(
      int systemInformationClass,
      SYSTEM_TIMEOFDAY_INFORMATION systemInformation,
      int systemInformationLength,
      @Nullable IntByReference returnLength);

  /** Times are in units of 100 ns since 1601. */
  @FieldOrder({
    "BootTime",
    "CurrentTime",
    "TimeZoneBias",
    "TimeZoneId",
    "Reserved",
    "BootTimeBias",
    "SleepTimeBias"
  })
  class SYSTEM_TIMEOFDAY_INFORMATION extends Structure {
    public long BootTime;
    public long CurrentTime;
    public long TimeZoneBias;
    public int TimeZoneId;
    public int Reserved;
    public long BootTimeBias;
    public long SleepTimeBias;
  }
}
