import test from "ava";
import { cacheFolder } from "./cache_folder.ts";

test("is where the system keeps such things", (t) => {
  t.is(cacheFolder({}, "linux", "/home/ada"), "/home/ada/.cache/convoy");
  t.is(cacheFolder({ XDG_CACHE_HOME: "/var/cache/ada" }, "linux", "/home/ada"), "/var/cache/ada/convoy");
  t.is(cacheFolder({ XDG_CACHE_HOME: "cache" }, "linux", "/home/ada"), "/home/ada/.cache/convoy");
  t.is(cacheFolder({}, "darwin", "/Users/ada"), "/Users/ada/.cache/convoy");
  t.is(cacheFolder({ LOCALAPPDATA: "D:\\Local" }, "win32", "C:\\Users\\ada"), "D:\\Local\\convoy");
  t.is(cacheFolder({}, "win32", "C:\\Users\\ada"), "C:\\Users\\ada\\AppData\\Local\\convoy");
});

test("is nowhere for users without a folder", (t) => {
  t.is(cacheFolder({}, "linux", ""), undefined);
  t.is(cacheFolder({ XDG_CACHE_HOME: "" }, "linux", ""), undefined);
});
