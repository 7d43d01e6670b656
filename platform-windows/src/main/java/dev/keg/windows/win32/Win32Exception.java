package dev.keg.windows.win32;

/**
 * A call into Windows that failed. Only drivers see it, and they say what it means for a volume.
 */
public final class Win32Exception extends Exception {
  private final String call;
  private final String target;
  private final int code;

  /** The target is what the call was about, usually a path. */
  public Win32Exception(String call, String target, int code) {
    super(call + " " + target + ": " + Win32Error.message(code));
    this.call = call;
    this.target = target;
    this.code = code;
  }

  public String call() {
    return call;
  }

  /** A Win32 error code, or an HRESULT where the call gives one. */
  public int code() {
    return code;
  }

  /** What went wrong and with what, in words. */
  public String what() {
    return call + " " + target + ": " + Win32Error.message(code);
  }
}
