// SPDX-License-Identifier: Apache-2.0
// Reads a notice on standard input with two packages of npm, unpacked in the folder named by the
// argument, and prints what each made of it as JSON. Both want one small package each that is not
// fetched: a regular expression engine, for which Node's own stands in, and a decoder of encoded
// words, which our subjects have none of.
"use strict";
const fs = require("fs");
const Module = require("module");
const path = require("path");

class Re2 extends RegExp {
    match(text) { return text.match(this); }
    replace(text, by) { return text.replace(this, by); }
    split(text) { return text.split(this); }
    search(text) { return text.search(this); }
}
const standIns = { re2: Re2, libmime: { decodeWords: (text) => text } };
const load = Module._load;
Module._load = (name, ...rest) => standIns[name] || load(name, ...rest);

const folder = path.resolve(process.argv[2]);
const { BounceHandler } = require(folder + "/bounce-handler/lib/bouncehandler.js");
const TextReader = require(folder + "/email-bounce-parser");
const notice = fs.readFileSync(0, "utf8");
const boundary = /boundary="([^"]*)"/.exec(notice)[1];
const firstPart = notice.split("--" + boundary)[1].split("\r\n\r\n").slice(1).join("\r\n\r\n");
console.log(JSON.stringify({
    report: new BounceHandler().parse_email(notice),
    text: new TextReader().read(firstPart.replace(/\r\n/g, "\n")),
}));
