// Made by `npm run build:bridge` from agents/bridge/src; not to be edited. Carries zod (MIT, Colin McDonnell).
import { createHash, randomUUID } from "node:crypto";
import { hostname } from "node:os";
// ../main/node_modules/zod/v4/core/util.js
function getEnumValues(entries) {
	const numericValues = Object.values(entries).filter((v) => typeof v === "number");
	return Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
}
function jsonStringifyReplacer(_, value) {
	if (typeof value === "bigint") return value.toString();
	return value;
}
var Cached = class {
	constructor(getter) {
		this._getter = getter;
		this._value = void 0;
	}
	get value() {
		const getter = this._getter;
		if (getter !== void 0) {
			this._value = getter();
			this._getter = void 0;
		}
		return this._value;
	}
};
function cached(getter) {
	return new Cached(getter);
}
function nullish$1(input) {
	return input === null || input === void 0;
}
function cleanRegex(source) {
	const start = source.startsWith("^") ? 1 : 0;
	const end = source.endsWith("$") ? source.length - 1 : source.length;
	return source.slice(start, end);
}
function assignProp(target, prop, value) {
	Object.defineProperty(target, prop, {
		value,
		writable: true,
		enumerable: true,
		configurable: true
	});
}
function rawShape(def) {
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	return desc?.get ? desc.get.raw : desc?.value;
}
const captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {};
function isObject(data) {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}
function isPlainObject(o) {
	if (isObject(o) === false) return false;
	const ctor = o.constructor;
	if (ctor === void 0) return true;
	if (typeof ctor !== "function") return true;
	const prot = ctor.prototype;
	if (isObject(prot) === false) return false;
	if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) return false;
	return true;
}
const propertyKeyTypes = new Set([
	"string",
	"number",
	"symbol"
]);
function escapeRegex(str) {
	return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
	const cl = new inst._zod.constr(def ?? inst._zod.def);
	if (!def || params?.parent) cl._zod.parent = inst;
	return cl;
}
function normalizeParams(_params) {
	const params = _params;
	if (!params) return {};
	if (typeof params === "string") return { error: () => params };
	if (params?.message !== void 0) {
		if (params?.error !== void 0) throw new Error("Cannot specify both `message` and `error` params");
		params.error = params.message;
	}
	delete params.message;
	if (typeof params.error === "string") return {
		...params,
		error: () => params.error
	};
	return params;
}
function optionalKeys(shape) {
	return Object.keys(shape).filter((k) => {
		return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
	});
}
const NUMBER_FORMAT_RANGES = (() => ({
	safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	int32: [-2147483648, 2147483647],
	uint32: [0, 4294967295],
	float32: [-34028234663852886e22, 34028234663852886e22],
	float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
function aborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue !== true) return true;
	return false;
}
function explicitlyAborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue === false) return true;
	return false;
}
function prefixIssues(path, issues) {
	return issues.map((iss) => {
		var _a;
		(_a = iss).path ?? (_a.path = []);
		iss.path.unshift(path);
		return iss;
	});
}
function unwrapMessage(message) {
	return typeof message === "string" ? message : message?.message;
}
function sizeCaps(defChecks) {
	const caps = [];
	for (const ch of defChecks ?? []) {
		const d = ch._zod.def;
		if (!/_(length|size)$|_equals$/.test(d.check)) break;
		const max = d.maximum ?? d.length ?? d.size;
		if (max >= 0) caps.push([max, ch]);
	}
	return caps;
}
function attachSchema(issues, start, inst) {
	var _a;
	for (let i = start; i < issues.length; i++) (_a = issues[i]).schema ?? (_a.schema = inst);
}
function finalizeIssue(iss, ctx, config) {
	var _a;
	const traits = iss.inst?._zod?.traits;
	if (traits?.has("$ZodType")) {
		if (traits.has("$ZodCheck")) (_a = iss).schema ?? (_a.schema = iss.inst);
		else iss.schema = iss.inst;
	}
	const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
	const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config.customError?.(iss)) ?? unwrapMessage(config.localeError?.(iss)) ?? "Invalid input";
	const full = {};
	for (const k of Object.keys(iss)) {
		if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__") continue;
		full[k] = iss[k];
	}
	full.path ?? (full.path = []);
	full.message = message;
	if (ctx?.reportInput) full.input = iss.input;
	return full;
}
const highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
	const units = str.length;
	if (!highSurrogate.test(str)) return units;
	let count = units;
	for (let i = 0; i < units - 1; i++) if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
		count--;
		i++;
	}
	return count;
}
function getLengthableOrigin(input) {
	if (Array.isArray(input)) return "array";
	if (typeof input === "string") return "string";
	return "unknown";
}
function members(proto, table) {
	for (const key in table) {
		const desc = Object.getOwnPropertyDescriptor(table, key);
		if (desc.get) Object.defineProperty(proto, key, {
			...desc,
			enumerable: false
		});
		else defineBound(proto, key, desc.value);
	}
}
function own(inst, key, value, enumerable = true) {
	Object.defineProperty(inst, key, {
		configurable: true,
		writable: true,
		enumerable,
		value
	});
	return value;
}
function hide(inst, key, value) {
	return own(inst, key, value, false);
}
function defineBound(proto, key, fn) {
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			return this == null ? fn : own(this, key, fn.bind(this));
		},
		set(value) {
			own(this, key, value);
		}
	});
}
function claim(inst, sentinel) {
	const proto = Object.getPrototypeOf(inst);
	return sentinel in proto ? void 0 : proto;
}
let installing;
let broke = false;
const breaker = {
	configurable: true,
	get() {
		broke = true;
	}
};
function defineLazyInternal(inst, key, compute) {
	const proto = Object.getPrototypeOf(inst._zod);
	if (key in proto && installing !== inst._zod) {
		installing = void 0;
		return;
	}
	installing = inst._zod;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			Object.defineProperty(this, key, breaker);
			const outer = broke;
			broke = false;
			try {
				const value = compute(this);
				if (broke) delete this[key];
				else Object.defineProperty(this, key, {
					configurable: true,
					writable: true,
					value
				});
				broke = broke || outer;
				return value;
			} catch (err) {
				delete this[key];
				broke = broke || outer;
				throw err;
			}
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				value
			});
		}
	});
}
function installLazyProp(inst, key, make, enumerable) {
	const proto = claim(inst, key);
	if (!proto) return;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			const desc = {
				configurable: true,
				writable: true,
				enumerable,
				value: void 0
			};
			Object.defineProperty(this, key, desc);
			desc.value = make(this);
			Object.defineProperty(this, key, desc);
			return desc.value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				enumerable,
				value
			});
		}
	});
}
// ../main/node_modules/zod/v4/core/core.js
var _a;
const _zodDesc = {
	value: void 0,
	enumerable: false
};
let _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
	const E = _E;
	if (E) {
		const saved = E.stackTraceLimit;
		if (typeof saved === "number") {
			try {
				E.stackTraceLimit = 0;
			} catch {
				_E = null;
				return new Definition();
			}
			try {
				return new Definition();
			} finally {
				E.stackTraceLimit = saved;
			}
		}
	}
	return new Definition();
}
function $constructor(name, initializer, proto, params) {
	const zodProto = {};
	function Internals(def) {
		this.def = def;
		this.constr = _;
		this.traits = new Set();
	}
	Internals.prototype = zodProto;
	const protoMembers = proto;
	const initialized = protoMembers && new WeakSet();
	function init(inst, def) {
		if (!inst._zod) {
			_zodDesc.value = new Internals(def);
			try {
				Object.defineProperty(inst, "_zod", _zodDesc);
			} finally {
				_zodDesc.value = void 0;
			}
		} else if (inst._zod.traits.has(name)) return;
		inst._zod.traits.add(name);
		initializer(inst, def);
		if (initialized) {
			const own = Object.getPrototypeOf(inst);
			const ctorProto = inst._zod.constr.prototype;
			let up = own;
			while (up && up !== ctorProto) up = Object.getPrototypeOf(up);
			const target = up ?? own;
			if (!initialized.has(target)) {
				initialized.add(target);
				members(target, protoMembers);
			}
		}
		const proto = _.prototype;
		for (const k in proto) {
			if (!Object.prototype.hasOwnProperty.call(proto, k)) continue;
			if (!(k in inst)) inst[k] = proto[k].bind(inst);
		}
	}
	const Parent = params?.Parent ?? Object;
	class Definition extends Parent {}
	Object.defineProperty(Definition, "name", { value: name });
	function _(def) {
		const inst = params?.Parent ? newError(Definition) : this;
		init(inst, def);
		const deferred = inst._zod.deferred;
		if (deferred) {
			for (const fn of deferred) fn();
			inst._zod.deferred = void 0;
		}
		const pp = globalThis.__zod_globalConfig?.postProcessor;
		if (pp) pp(inst);
		return inst;
	}
	Object.defineProperty(_, "init", { value: init });
	Object.defineProperty(_, Symbol.hasInstance, { value: (inst) => {
		if (params?.Parent && inst instanceof params.Parent) return true;
		return inst?._zod?.traits?.has(name);
	} });
	Object.defineProperty(_, "name", { value: name });
	return _;
}
var $ZodAsyncError = class extends Error {
	constructor() {
		super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
	}
};
(_a = globalThis).__zod_globalConfig ?? (_a.__zod_globalConfig = {});
const globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
	if (newConfig) Object.assign(globalConfig, newConfig);
	return globalConfig;
}
// ../main/node_modules/zod/v4/core/errors.js
function _getMessage() {
	const internals = this._zod;
	internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
	return internals.message;
}
function _setMessage(value) {
	this._zod.message = value;
}
const _messageDesc = {
	get: _getMessage,
	set: _setMessage,
	enumerable: true,
	configurable: true
};
const _issuesDesc = {
	value: void 0,
	enumerable: false
};
const _installedToString = new WeakSet([Object.prototype, Error.prototype]);
const initializer = (inst, def) => {
	inst.name = "$ZodError";
	_issuesDesc.value = def;
	Object.defineProperty(inst, "issues", _issuesDesc);
	_issuesDesc.value = void 0;
	Object.defineProperty(inst, "message", _messageDesc);
	const proto = Object.getPrototypeOf(inst);
	if (!_installedToString.has(proto)) {
		_installedToString.add(proto);
		Object.defineProperty(proto, "toString", {
			configurable: true,
			enumerable: false,
			get() {
				const value = () => this.message;
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
				return value;
			},
			set(value) {
				Object.defineProperty(this, "toString", {
					value,
					configurable: true,
					writable: true
				});
			}
		});
	}
};
const $ZodRealError = $constructor("$ZodError", initializer, void 0, { Parent: Error });
function toDotPath(_path) {
	const segs = [];
	const path = _path.map((seg) => typeof seg === "object" ? seg.key : seg);
	for (const seg of path) if (typeof seg === "number") segs.push(`[${seg}]`);
	else if (typeof seg === "symbol") segs.push(`[${JSON.stringify(String(seg))}]`);
	else if (/[^\w$]/.test(seg)) segs.push(`[${JSON.stringify(seg)}]`);
	else {
		if (segs.length) segs.push(".");
		segs.push(seg);
	}
	return segs.join("");
}
function prettifyError(error) {
	const lines = [];
	const issues = [...error.issues].sort((a, b) => (a.path ?? []).length - (b.path ?? []).length);
	for (const issue of issues) {
		lines.push(`✖ ${issue.message}`);
		if (issue.path?.length) lines.push(`  → at ${toDotPath(issue.path)}`);
	}
	return lines.join("\n");
}
// ../main/node_modules/zod/v4/core/parse.js
const _parse = (_Err) => {
	const fn = (schema, value, _ctx, _params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: false
		} : { async: false };
		const result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) throw new $ZodAsyncError();
		if (result.issues.length) {
			const e = new ((_params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, _params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const parse = _parse($ZodRealError);
const _parseAsync = (_Err) => {
	const fn = async (schema, value, _ctx, params) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true
		} : { async: true };
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		if (result.issues.length) {
			const e = new ((params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
			captureStackTrace(e, params?.callee ?? fn);
			throw e;
		}
		return result.value;
	};
	return fn;
};
const parseAsync = _parseAsync($ZodRealError);
const _safeParse = (_Err) => (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: false
	} : { async: false };
	const result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length ? failure$1(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const safeParse = _safeParse($ZodRealError);
function failure$1(Err, issues, ctx) {
	let error;
	return {
		success: false,
		get error() {
			if (!error) {
				error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
				issues = void 0;
				ctx = void 0;
			}
			return error;
		},
		set error(e) {
			error = e;
			issues = void 0;
			ctx = void 0;
		}
	};
}
const _safeParseAsync = (_Err) => async (schema, value, _ctx) => {
	const ctx = _ctx ? {
		..._ctx,
		async: true
	} : { async: true };
	let result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) result = await result;
	return result.issues.length ? failure$1(_Err, result.issues, ctx) : {
		success: true,
		data: result.value
	};
};
const safeParseAsync = _safeParseAsync($ZodRealError);
// ../main/node_modules/zod/v4/core/regexes.js
const anyString = /^[\s\S]{0,}$/;
const number$1 = /^-?\d+(?:\.\d+)?$/;
const boolean$1 = /^(?:true|false)$/i;
// ../main/node_modules/zod/v4/core/checks.js
const $ZodCheck = $constructor("$ZodCheck", (inst, def) => {
	var _a;
	inst._zod ?? (inst._zod = {});
	inst._zod.def = def;
	(_a = inst._zod).onattach ?? (_a.onattach = []);
});
const _whenHasLength = (payload) => {
	const val = payload.value;
	return !nullish$1(val) && val.length !== void 0;
};
const numericOriginMap = {
	number: "number",
	bigint: "bigint",
	object: "date"
};
const $ZodCheckLessThan = $constructor("$ZodCheckLessThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value <= def.value : payload.value < def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_big",
			maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckGreaterThan = $constructor("$ZodCheckGreaterThan", (inst, def) => {
	$ZodCheck.init(inst, def);
	const origin = numericOriginMap[typeof def.value];
	inst._zod.check = (payload) => {
		if (def.inclusive ? payload.value >= def.value : payload.value > def.value) return;
		payload.issues.push({
			origin: numericOriginMap[typeof payload.value] ?? origin,
			code: "too_small",
			minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
			input: payload.value,
			inclusive: def.inclusive,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckNumberFormat = $constructor("$ZodCheckNumberFormat", (inst, def) => {
	$ZodCheck.init(inst, def);
	def.format = def.format || "float64";
	const isInt = def.format?.includes("int");
	const origin = isInt ? "int" : "number";
	const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
	inst._zod.check = (payload) => {
		const input = payload.value;
		if (isInt) {
			if (!Number.isInteger(input)) {
				payload.issues.push({
					expected: origin,
					format: def.format,
					code: "invalid_type",
					continue: false,
					input,
					inst
				});
				return;
			}
			if (!Number.isSafeInteger(input)) {
				if (input > 0) payload.issues.push({
					input,
					code: "too_big",
					maximum: Number.MAX_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				else payload.issues.push({
					input,
					code: "too_small",
					minimum: Number.MIN_SAFE_INTEGER,
					note: "Integers must be within the safe integer range.",
					inst,
					origin,
					inclusive: true,
					continue: !def.abort
				});
				return;
			}
		}
		if (input < minimum) payload.issues.push({
			origin: "number",
			input,
			code: "too_small",
			minimum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
		if (input > maximum) payload.issues.push({
			origin: "number",
			input,
			code: "too_big",
			maximum,
			inclusive: true,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMaxLength = $constructor("$ZodCheckMaxLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units > def.maximum ? codePointLength(input) : units) <= def.maximum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_big",
			maximum: def.maximum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckMinLength = $constructor("$ZodCheckMinLength", (inst, def) => {
	var _a;
	$ZodCheck.init(inst, def);
	(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
	inst._zod.check = (payload) => {
		const input = payload.value;
		const units = input.length;
		if ((typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units) >= def.minimum) return;
		const origin = getLengthableOrigin(input);
		payload.issues.push({
			origin,
			code: "too_small",
			minimum: def.minimum,
			inclusive: true,
			input,
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStringFormat = $constructor("$ZodCheckStringFormat", (inst, def) => {
	var _a, _b;
	$ZodCheck.init(inst, def);
	if (def.pattern) (_a = inst._zod).check ?? (_a.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: def.format,
			input: payload.value,
			...def.pattern ? { pattern: def.pattern.toString() } : {},
			inst,
			continue: !def.abort
		});
	});
	else (_b = inst._zod).check ?? (_b.check = () => {});
});
const $ZodCheckRegex = $constructor("$ZodCheckRegex", (inst, def) => {
	$ZodCheckStringFormat.init(inst, def);
	inst._zod.check = (payload) => {
		def.pattern.lastIndex = 0;
		if (def.pattern.test(payload.value)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "regex",
			input: payload.value,
			pattern: def.pattern.toString(),
			inst,
			continue: !def.abort
		});
	};
});
const $ZodCheckStartsWith = $constructor("$ZodCheckStartsWith", (inst, def) => {
	$ZodCheck.init(inst, def);
	const pattern = new RegExp(`^${escapeRegex(def.prefix)}.*`);
	def.pattern ?? (def.pattern = pattern);
	inst._zod.check = (payload) => {
		if (payload.value.startsWith(def.prefix)) return;
		payload.issues.push({
			origin: "string",
			code: "invalid_format",
			format: "starts_with",
			prefix: def.prefix,
			input: payload.value,
			inst,
			continue: !def.abort
		});
	};
});
// ../main/node_modules/zod/v4/core/versions.js
const version = {
	major: 4,
	minor: 6,
	patch: 7
};
// ../main/node_modules/zod/v4/core/schemas.js
const $ZodType = $constructor("$ZodType", (inst, def) => {
	var _a;
	inst ?? (inst = {});
	inst._zod.def = def;
	inst._zod.bag = inst._zod.bag || {};
	inst._zod.version = version;
	const defChecks = inst._zod.def.checks;
	const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
	for (const ch of checks) for (const fn of ch._zod.onattach) fn(inst);
	if (checks.length === 0) {
		(_a = inst._zod).deferred ?? (_a.deferred = []);
		inst._zod.deferred?.push(() => {
			inst._zod.run = inst._zod.parse;
		});
	} else {
		const runChecks = (payload, checks, ctx) => {
			if (payload.memo) return payload;
			let isAborted = aborted(payload);
			let asyncResult;
			for (const ch of checks) {
				if (ch._zod.def.when) {
					if (explicitlyAborted(payload)) continue;
					if (!ch._zod.def.when(payload)) continue;
				} else if (isAborted) continue;
				const currLen = payload.issues.length;
				const _ = ch._zod.check(payload);
				if (_ instanceof Promise && ctx?.async === false) throw new $ZodAsyncError();
				if (asyncResult || _ instanceof Promise) asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
					await _;
					if (payload.issues.length === currLen) return;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				});
				else {
					if (payload.issues.length === currLen) continue;
					attachSchema(payload.issues, currLen, inst);
					if (!isAborted) isAborted = aborted(payload, currLen);
				}
			}
			if (asyncResult) return asyncResult.then(() => {
				return payload;
			});
			return payload;
		};
		const handleCanaryResult = (canary, payload, ctx) => {
			if (aborted(canary)) {
				canary.aborted = true;
				return canary;
			}
			const checkResult = runChecks(payload, checks, ctx);
			if (checkResult instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return checkResult.then((checkResult) => inst._zod.parse(checkResult, ctx));
			}
			return inst._zod.parse(checkResult, ctx);
		};
		inst._zod.run = (payload, ctx) => {
			if (ctx.skipChecks) return inst._zod.parse(payload, ctx);
			if (ctx.direction === "backward") {
				const canary = inst._zod.parse({
					value: payload.value,
					issues: []
				}, {
					...ctx,
					skipChecks: true
				});
				if (canary instanceof Promise) return canary.then((canary) => {
					return handleCanaryResult(canary, payload, ctx);
				});
				return handleCanaryResult(canary, payload, ctx);
			}
			const result = inst._zod.parse(payload, ctx);
			if (result instanceof Promise) {
				if (ctx.async === false) throw new $ZodAsyncError();
				return result.then((result) => runChecks(result, checks, ctx));
			}
			return runChecks(result, checks, ctx);
		};
	}
}, {
	get "~standard"() {
		return hide(this, "~standard", standardProps(this));
	},
	set "~standard"(value) {
		own(this, "~standard", value);
	}
});
const toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
	const ctx = { async: true };
	return toStandardResult(await inst._zod.run({
		value,
		issues: []
	}, ctx), ctx);
}
function standardProps(inst) {
	return {
		validate: (value) => {
			const ctx = { async: false };
			try {
				const r = inst._zod.run({
					value,
					issues: []
				}, ctx);
				if (!(r instanceof Promise)) return toStandardResult(r, ctx);
			} catch (_) {}
			return validateAsync(inst, value);
		},
		vendor: "zod",
		version: 1
	};
}
const $ZodString = $constructor("$ZodString", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = def.pattern ?? anyString;
	inst._zod.parse = (payload, _) => {
		if (def.coerce) try {
			payload.value = String(payload.value);
		} catch (_) {}
		if (typeof payload.value === "string") return payload;
		payload.issues.push({
			expected: "string",
			code: "invalid_type",
			input: payload.value,
			inst
		});
		return payload;
	};
});
const $ZodNumber = $constructor("$ZodNumber", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = number$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Number(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) return payload;
		const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
		payload.issues.push({
			expected: "number",
			code: "invalid_type",
			input,
			inst,
			...received ? { received } : {}
		});
		return payload;
	};
});
const $ZodNumberFormat = $constructor("$ZodNumberFormat", (inst, def) => {
	$ZodCheckNumberFormat.init(inst, def);
	$ZodNumber.init(inst, def);
});
const $ZodBoolean = $constructor("$ZodBoolean", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.pattern = boolean$1;
	inst._zod.parse = (payload, _ctx) => {
		if (def.coerce) try {
			payload.value = Boolean(payload.value);
		} catch (_) {}
		const input = payload.value;
		if (typeof input === "boolean") return payload;
		payload.issues.push({
			expected: "boolean",
			code: "invalid_type",
			input,
			inst
		});
		return payload;
	};
});
const $ZodUnknown = $constructor("$ZodUnknown", (inst, def) => {
	$ZodType.init(inst, def);
	inst._zod.parse = (payload) => payload;
});
function capSize(inst, size) {
	const caps = sizeCaps(inst._zod.def.checks);
	if (!caps.length) return;
	const cap = Math.min(...caps.map((c) => c[0]));
	const parse = inst._zod.parse;
	inst._zod.parse = (payload, ctx) => {
		const n = size(payload.value);
		if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
			for (const [max, ch] of sizeCaps(inst._zod.def.checks)) if (n > max && ch._zod.def.when(payload)) {
				const start = payload.issues.length;
				ch._zod.check(payload);
				payload.issues[start].continue = false;
				attachSchema(payload.issues, start, inst);
				return payload;
			}
		}
		return parse(payload, ctx);
	};
}
const arraySize = (input) => Array.isArray(input) ? input.length : -1;
function handleArrayResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
const $ZodArray = $constructor("$ZodArray", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!Array.isArray(input)) {
			payload.issues.push({
				expected: "array",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
		const proms = [];
		const abortEarly = ctx?.abortEarly;
		for (let i = 0; i < input.length; i++) {
			const item = input[i];
			const result = def.element._zod.run({
				value: item,
				issues: []
			}, ctx);
			if (result instanceof Promise) proms.push(result.then((result) => handleArrayResult(result, payload, i)));
			else {
				handleArrayResult(result, payload, i);
				if (abortEarly && result.issues.length !== 0 && aborted(result)) break;
			}
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
	capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key, input, optin, optout) {
	const isPresent = key in input;
	const isOptionalOut = optout === "optional";
	if (!isPresent && isOptionalOut && optin === "optional") return;
	if (result.issues.length) {
		if (optin !== void 0 && isOptionalOut && !isPresent) return;
		final.issues.push(...prefixIssues(key, result.issues));
	}
	if (!isPresent && optin === void 0) {
		if (!result.issues.length) final.issues.push({
			code: "invalid_type",
			expected: "nonoptional",
			input: void 0,
			path: [key]
		});
		return;
	}
	if (result.value === void 0) {
		if (isPresent || optin === "defaulted" && !isOptionalOut) final.value[key] = void 0;
	} else final.value[key] = result.value;
}
const NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
	const keys = Object.keys(def.shape);
	const ownSymbols = Object.getOwnPropertySymbols(def.shape);
	const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
	const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
	for (const k of allKeys) if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
	const okeys = optionalKeys(def.shape);
	return {
		...def,
		allKeys,
		symbolKeys,
		keySet: new Set(keys),
		numKeys: keys.length,
		optionalKeys: new Set(okeys)
	};
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
	const unrecognized = [];
	const keySet = def.keySet;
	const _catchall = def.catchall._zod;
	const t = _catchall.def.type;
	const optin = _catchall.optin;
	const optout = _catchall.optout;
	let seen = 0;
	for (const key in input) {
		if (abortEarly && payload.issues.length !== seen) {
			if (aborted(payload, seen)) break;
			seen = payload.issues.length;
		}
		if (keySet.has(key)) continue;
		if (key === "__proto__") {
			if (t === "never") unrecognized.push(key);
			continue;
		}
		if (t === "never") {
			unrecognized.push(key);
			continue;
		}
		const r = _catchall.run({
			value: input[key],
			issues: []
		}, ctx);
		if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
		else handlePropertyResult(r, payload, key, input, optin, optout);
	}
	if (unrecognized.length) payload.issues.push({
		code: "unrecognized_keys",
		keys: unrecognized,
		input,
		inst,
		continue: true
	});
	if (!proms.length) return payload;
	return Promise.all(proms).then(() => {
		return payload;
	});
}
const $ZodObject = $constructor("$ZodObject", (inst, def) => {
	$ZodType.init(inst, def);
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	const sh = desc?.get ? desc.get.raw : def.shape ?? {};
	if (sh) {
		const get = () => {
			const newSh = { ...sh };
			Object.defineProperty(def, "shape", { value: newSh });
			get.raw = newSh;
			return newSh;
		};
		get.raw = sh;
		Object.defineProperty(def, "shape", { get });
	}
	const _normalized = cached(() => normalizeDef(def));
	defineLazyInternal(inst, "propValues", (zod) => {
		const shape = zod.def.shape;
		const propValues = {};
		for (const key in shape) {
			const field = shape[key]._zod;
			if (field.values) {
				if (!Object.prototype.hasOwnProperty.call(propValues, key)) assignProp(propValues, key, new Set());
				for (const v of field.values) propValues[key].add(v);
				if (field.optin !== void 0) propValues[key].add(void 0);
			}
		}
		return propValues;
	});
	const isObject$1 = isObject;
	const catchall = def.catchall;
	let value;
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		value ?? (value = _normalized.value);
		const input = payload.value;
		if (!isObject$1(input)) {
			payload.issues.push({
				expected: "object",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
		const proms = [];
		const shape = value.shape;
		const abortEarly = ctx?.abortEarly;
		let seen = payload.issues.length;
		for (const key of value.allKeys) {
			if (abortEarly && payload.issues.length !== seen) {
				if (aborted(payload, seen)) break;
				seen = payload.issues.length;
			}
			if (key === "__proto__") continue;
			const el = shape[key];
			const optin = el._zod.optin;
			const optout = el._zod.optout;
			const r = el._zod.run({
				value: input[key],
				issues: []
			}, ctx);
			if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
			else handlePropertyResult(r, payload, key, input, optin, optout);
		}
		if (!catchall) return proms.length ? Promise.all(proms).then(() => payload) : payload;
		return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
	};
});
function handleUnionResults(results, final, inst, ctx) {
	for (const result of results) if (result.issues.length === 0) {
		final.value = result.value;
		return final;
	}
	const nonaborted = results.filter((r) => !aborted(r));
	if (nonaborted.length === 1) {
		final.value = nonaborted[0].value;
		return nonaborted[0];
	}
	final.issues.push({
		code: "invalid_union",
		input: final.value,
		inst,
		errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
	});
	return final;
}
const $ZodUnion = $constructor("$ZodUnion", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
	defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
	defineLazyInternal(inst, "values", (zod) => {
		if (zod.def.options.every((o) => o._zod.values)) return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		if (zod.def.options.every((o) => o._zod.pattern)) {
			const patterns = zod.def.options.map((o) => o._zod.pattern);
			return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
		}
	});
	const first = def.options.length === 1 ? def.options[0]._zod.run : null;
	inst._zod.parse = (payload, ctx) => {
		if (first) return first(payload, ctx);
		let async = false;
		const results = [];
		for (const option of def.options) {
			const result = option._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) {
				results.push(result);
				async = true;
			} else {
				if (result.issues.length === 0) return result;
				results.push(result);
			}
		}
		if (!async) return handleUnionResults(results, payload, inst, ctx);
		return Promise.all(results).then((results) => {
			return handleUnionResults(results, payload, inst, ctx);
		});
	};
});
function discriminatorMap(def) {
	const map = new Map();
	for (const option of def.options) {
		const values = option._zod.propValues?.[def.discriminator];
		if (!values || values.size === 0) throw new Error(`Invalid discriminated union option at index "${def.options.indexOf(option)}"`);
		for (const value of values) if (map.has(value)) {
			if (value !== void 0) throw new Error(`Duplicate discriminator value "${String(value)}"`);
			map.set(value, null);
		} else map.set(value, option);
	}
	return map;
}
const $ZodDiscriminatedUnion = $constructor("$ZodDiscriminatedUnion", (inst, def) => {
	def.inclusive = false;
	$ZodUnion.init(inst, def);
	const _super = inst._zod.parse;
	defineLazyInternal(inst, "propValues", (zod) => {
		const propValues = {};
		let undefinedCount = 0;
		for (const option of zod.def.options) {
			const pv = option._zod.propValues;
			if (!pv || Object.keys(pv).length === 0) throw new Error(`Invalid discriminated union option at index "${zod.def.options.indexOf(option)}"`);
			if (pv[zod.def.discriminator]?.has(void 0)) undefinedCount++;
			for (const [k, v] of Object.entries(pv)) {
				if (!Object.prototype.hasOwnProperty.call(propValues, k)) assignProp(propValues, k, new Set());
				for (const val of v) propValues[k].add(val);
			}
		}
		if (!zod.def.unionFallback && undefinedCount > 1) propValues[zod.def.discriminator]?.delete(void 0);
		return propValues;
	});
	def.options.forEach((option, i) => {
		const propShape = rawShape(option._zod.def);
		if (propShape && !Object.prototype.hasOwnProperty.call(propShape, def.discriminator)) throw new Error(`Invalid discriminated union option at index "${i}"`);
	});
	const disc = cached(() => discriminatorMap(def));
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isObject(input)) {
			payload.issues.push({
				code: "invalid_type",
				expected: "object",
				input,
				inst
			});
			return payload;
		}
		const value = input?.[def.discriminator];
		const opt = disc.value.get(value);
		if (opt && (value !== void 0 || ctx.direction !== "backward")) return opt._zod.run(payload, ctx);
		if (def.unionFallback || ctx.direction === "backward") return _super(payload, ctx);
		payload.issues.push({
			code: "invalid_union",
			errors: [],
			note: "No matching discriminator",
			discriminator: def.discriminator,
			options: Array.from(disc.value.keys()).filter((value) => disc.value.get(value) !== null),
			input,
			path: [def.discriminator],
			inst
		});
		return payload;
	};
});
const $ZodRecord = $constructor("$ZodRecord", (inst, def) => {
	$ZodType.init(inst, def);
	const memo = globalConfig.memoizer;
	memo?.attach(inst);
	inst._zod.parse = (payload, ctx) => {
		const input = payload.value;
		if (!isPlainObject(input)) {
			payload.issues.push({
				expected: "record",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		}
		const proms = [];
		const values = def.keyType._zod.values;
		if (values && !def.partial) {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			const recordKeys = new Set();
			for (const key of values) if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
				recordKeys.add(typeof key === "number" ? key.toString() : key);
				if (key === "__proto__") continue;
				const keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (keyResult.issues.length) {
					payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			let unrecognized;
			for (const key in input) if (!recordKeys.has(key)) {
				if (def.mode === "loose") {
					if (key === "__proto__") continue;
					payload.value[key] = input[key];
				} else {
					unrecognized = unrecognized ?? [];
					unrecognized.push(key);
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		} else {
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			let unrecognized;
			for (const key of Reflect.ownKeys(input)) {
				if (key === "__proto__") continue;
				if (!Object.prototype.propertyIsEnumerable.call(input, key)) continue;
				let keyResult = def.keyType._zod.run({
					value: key,
					issues: []
				}, ctx);
				if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
				if (typeof key === "string" && number$1.test(key) && keyResult.issues.length) {
					const retryResult = def.keyType._zod.run({
						value: Number(key),
						issues: []
					}, ctx);
					if (retryResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
					if (retryResult.issues.length === 0) keyResult = retryResult;
				}
				if (keyResult.issues.length) {
					if (def.mode === "loose") payload.value[key] = input[key];
					else if (values) {
						unrecognized = unrecognized ?? [];
						unrecognized.push(key);
					} else payload.issues.push({
						code: "invalid_key",
						origin: "record",
						issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
						input: key,
						path: [key],
						inst
					});
					continue;
				}
				const outKey = keyResult.value;
				if (outKey === "__proto__") continue;
				const result = def.valueType._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}));
				else {
					if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
					payload.value[outKey] = result.value;
				}
			}
			if (unrecognized && unrecognized.length > 0) payload.issues.push({
				code: "unrecognized_keys",
				input,
				inst,
				keys: unrecognized,
				continue: true
			});
		}
		if (proms.length) return Promise.all(proms).then(() => payload);
		return payload;
	};
});
const $ZodEnum = $constructor("$ZodEnum", (inst, def) => {
	$ZodType.init(inst, def);
	const values = getEnumValues(def.entries);
	const valuesSet = new Set(values);
	inst._zod.values = valuesSet;
	defineLazyInternal(inst, "pattern", (zod) => {
		const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
		return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (valuesSet.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values,
			input,
			inst
		});
		return payload;
	};
});
const $ZodLiteral = $constructor("$ZodLiteral", (inst, def) => {
	$ZodType.init(inst, def);
	const values = new Set(def.values);
	inst._zod.values = values;
	defineLazyInternal(inst, "pattern", (zod) => {
		const vals = zod.def.values;
		return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
	});
	inst._zod.parse = (payload, _ctx) => {
		const input = payload.value;
		if (values.has(input)) return payload;
		payload.issues.push({
			code: "invalid_value",
			values: def.values,
			input,
			inst
		});
		return payload;
	};
});
function handleOptionalResult(payload, result) {
	payload.value = result.issues.length ? void 0 : result.value;
	return payload;
}
const $ZodOptional = $constructor("$ZodOptional", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
	inst._zod.optout = "optional";
	defineLazyInternal(inst, "values", (zod) => {
		const values = zod.def.innerType._zod.values;
		return values ? new Set([...values, void 0]) : void 0;
	});
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === void 0) {
			if (def.innerType._zod.optin !== "defaulted") return payload;
			const result = def.innerType._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) return result.then((result) => handleOptionalResult(payload, result));
			return handleOptionalResult(payload, result);
		}
		return def.innerType._zod.run(payload, ctx);
	};
});
const $ZodNullable = $constructor("$ZodNullable", (inst, def) => {
	$ZodType.init(inst, def);
	defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
	defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
	defineLazyInternal(inst, "pattern", (zod) => {
		const pattern = zod.def.innerType._zod.pattern;
		return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
	});
	defineLazyInternal(inst, "values", (zod) => {
		return zod.def.innerType._zod.values ? new Set([...zod.def.innerType._zod.values, null]) : void 0;
	});
	inst._zod.parse = (payload, ctx) => {
		if (payload.value === null) return payload;
		return def.innerType._zod.run(payload, ctx);
	};
});
// ../main/node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
	if (def.checks) def.checks = [...def.checks];
	return def;
}
function _string(Class, params) {
	return new Class(snapshotChecks({
		type: "string",
		...normalizeParams(params)
	}));
}
function _number(Class, params) {
	return new Class(snapshotChecks({
		type: "number",
		checks: [],
		...normalizeParams(params)
	}));
}
function _int(Class, params) {
	return new Class({
		type: "number",
		check: "number_format",
		abort: false,
		format: "safeint",
		...normalizeParams(params)
	});
}
function _boolean(Class, params) {
	return new Class({
		type: "boolean",
		...normalizeParams(params)
	});
}
function _unknown(Class) {
	return new Class({ type: "unknown" });
}
function _lte(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
function _gt(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
function _gte(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
function _positive(params) {
	return _gt(0, params);
}
function _nonnegative(params) {
	return _gte(0, params);
}
function _maxLength(maximum, params) {
	return new $ZodCheckMaxLength({
		check: "max_length",
		...normalizeParams(params),
		maximum
	});
}
function _minLength(minimum, params) {
	return new $ZodCheckMinLength({
		check: "min_length",
		...normalizeParams(params),
		minimum
	});
}
function _regex(pattern, params) {
	return new $ZodCheckRegex({
		check: "string_format",
		format: "regex",
		...normalizeParams(params),
		pattern
	});
}
function _startsWith(prefix, params) {
	return new $ZodCheckStartsWith({
		check: "string_format",
		format: "starts_with",
		...normalizeParams(params),
		prefix
	});
}
// ../main/node_modules/zod/v4/mini/schemas.js
const ZodMiniType = $constructor("ZodMiniType", (inst, def) => {
	if (!inst._zod) throw new Error("Uninitialized schema in ZodMiniType.");
	$ZodType.init(inst, def);
	inst.def = def;
	inst.type = def.type;
}, {
	get with() {
		return this.check;
	},
	set with(value) {
		own(this, "with", value);
	},
	parse(data, params) {
		return parse(this, data, params, { callee: this.parse });
	},
	parseAsync(data, params) {
		return parseAsync(this, data, params, { callee: this.parseAsync });
	},
	safeParse(data, params) {
		return safeParse(this, data, params);
	},
	safeParseAsync(data, params) {
		return safeParseAsync(this, data, params);
	},
	check(...checks) {
		const def = this.def;
		return this.clone({
			...def,
			checks: [...def.checks ?? [], ...checks.map((ch) => typeof ch === "function" ? { _zod: {
				check: ch,
				def: { check: "custom" },
				onattach: []
			} } : ch)]
		}, { parent: true });
	},
	clone(_def, params) {
		return clone(this, _def, params);
	},
	brand() {
		return this;
	},
	register(reg, meta) {
		reg.add(this, meta);
		return this;
	},
	apply(fn, ...args) {
		return args.length === 0 ? fn(this) : fn(this, ...args);
	}
});
const ZodMiniString = $constructor("ZodMiniString", (inst, def) => {
	$ZodString.init(inst, def);
	ZodMiniType.init(inst, def);
});
function string(params) {
	return _string(ZodMiniString, params);
}
const ZodMiniNumber = $constructor("ZodMiniNumber", (inst, def) => {
	$ZodNumber.init(inst, def);
	ZodMiniType.init(inst, def);
});
function number(params) {
	return _number(ZodMiniNumber, params);
}
const ZodMiniNumberFormat = $constructor("ZodMiniNumberFormat", (inst, def) => {
	$ZodNumberFormat.init(inst, def);
	ZodMiniNumber.init(inst, def);
});
function int(params) {
	return _int(ZodMiniNumberFormat, params);
}
const ZodMiniBoolean = $constructor("ZodMiniBoolean", (inst, def) => {
	$ZodBoolean.init(inst, def);
	ZodMiniType.init(inst, def);
});
function boolean(params) {
	return _boolean(ZodMiniBoolean, params);
}
const ZodMiniUnknown = $constructor("ZodMiniUnknown", (inst, def) => {
	$ZodUnknown.init(inst, def);
	ZodMiniType.init(inst, def);
});
function unknown() {
	return _unknown(ZodMiniUnknown);
}
const ZodMiniArray = $constructor("ZodMiniArray", (inst, def) => {
	$ZodArray.init(inst, def);
	ZodMiniType.init(inst, def);
});
function array(element, params) {
	return new ZodMiniArray({
		type: "array",
		element,
		...normalizeParams(params)
	});
}
const ZodMiniObject = $constructor("ZodMiniObject", (inst, def) => {
	$ZodObject.init(inst, def);
	ZodMiniType.init(inst, def);
	installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
});
function object(shape, params) {
	const def = {
		type: "object",
		shape: shape ?? {},
		...normalizeParams(params)
	};
	return new ZodMiniObject(def);
}
function looseObject(shape, params) {
	return new ZodMiniObject({
		type: "object",
		shape,
		catchall: unknown(),
		...normalizeParams(params)
	});
}
const ZodMiniDiscriminatedUnion = $constructor("ZodMiniDiscriminatedUnion", (inst, def) => {
	$ZodDiscriminatedUnion.init(inst, def);
	ZodMiniType.init(inst, def);
});
function discriminatedUnion(discriminator, options, params) {
	return new ZodMiniDiscriminatedUnion({
		type: "union",
		options,
		discriminator,
		...normalizeParams(params)
	});
}
const ZodMiniRecord = $constructor("ZodMiniRecord", (inst, def) => {
	$ZodRecord.init(inst, def);
	ZodMiniType.init(inst, def);
});
function record(keyType, valueType, params) {
	if (!valueType || !valueType._zod) return new ZodMiniRecord({
		type: "record",
		keyType: string(),
		valueType: keyType,
		...normalizeParams(valueType)
	});
	return new ZodMiniRecord({
		type: "record",
		keyType,
		valueType,
		...normalizeParams(params)
	});
}
const ZodMiniEnum = $constructor("ZodMiniEnum", (inst, def) => {
	$ZodEnum.init(inst, def);
	ZodMiniType.init(inst, def);
	inst.options = [...inst._zod.values];
});
function _enum(values, params) {
	const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
	return new ZodMiniEnum({
		type: "enum",
		entries,
		...normalizeParams(params)
	});
}
const ZodMiniLiteral = $constructor("ZodMiniLiteral", (inst, def) => {
	$ZodLiteral.init(inst, def);
	ZodMiniType.init(inst, def);
});
function literal(value, params) {
	return new ZodMiniLiteral({
		type: "literal",
		values: Array.isArray(value) ? value : [value],
		...normalizeParams(params)
	});
}
const ZodMiniOptional = $constructor("ZodMiniOptional", (inst, def) => {
	$ZodOptional.init(inst, def);
	ZodMiniType.init(inst, def);
});
function optional(innerType) {
	return new ZodMiniOptional({
		type: "optional",
		innerType
	});
}
const ZodMiniNullable = $constructor("ZodMiniNullable", (inst, def) => {
	$ZodNullable.init(inst, def);
	ZodMiniType.init(inst, def);
});
function nullable(innerType) {
	return new ZodMiniNullable({
		type: "nullable",
		innerType
	});
}
function nullish(innerType) {
	return optional(nullable(innerType));
}
// agents/bridge/protocol.ts
const limits = {
	title: 300,
	text: 8e3,
	message: 2e4,
	error: 1e3,
	request: 64e3
};
const pingMs = 15e3;
const id = string().check(_minLength(1), _maxLength(200));
const directory = string().check(_startsWith("/"), _maxLength(4096));
const text = string().check(_maxLength(1e6));
const seq = int().check(_nonnegative());
const ofDirectory = {
	request_id: id,
	directory
};
const ofSession$1 = {
	...ofDirectory,
	session_id: id
};
const command = (type, shape) => object({
	type: literal(type),
	...shape
});
const commandSchema = discriminatedUnion("type", [
	command("session.create", {
		...ofDirectory,
		title: text
	}),
	command("session.message", {
		...ofSession$1,
		message_id: id,
		text,
		agent: id,
		model: id
	}),
	command("session.list", ofDirectory),
	command("session.abort", ofSession$1),
	command("session.messages", {
		...ofSession$1,
		limit: int().check(_positive(), _lte(200))
	}),
	command("session.fork", {
		...ofSession$1,
		title: text
	}),
	command("instance.release", ofDirectory),
	command("question.reply", {
		...ofDirectory,
		question_id: id,
		answers: nullable(array(array(text)))
	}),
	command("permission.reply", {
		...ofDirectory,
		permission_id: id,
		reply: _enum(["once", "reject"]),
		message: optional(text)
	})
]);
const listedSession = object({
	session_id: id,
	title: string(),
	busy: boolean()
});
const listedMessage = object({
	id,
	role: _enum(["user", "assistant"]),
	text,
	at: number(),
	finished: optional(boolean())
});
const replySchemas = [
	command("session.created", {
		request_id: id,
		session_id: id
	}),
	command("session.message.sent", {
		request_id: id,
		queued: boolean()
	}),
	command("session.list", {
		request_id: id,
		sessions: array(listedSession)
	}),
	command("session.aborted", { request_id: id }),
	command("session.messages", {
		request_id: id,
		messages: array(listedMessage)
	}),
	command("session.forked", {
		request_id: id,
		session_id: id
	}),
	command("instance.released", {
		request_id: id,
		released: boolean()
	}),
	command("question.replied", { request_id: id }),
	command("permission.replied", { request_id: id }),
	command("session.error", {
		request_id: id,
		error: string()
	})
];
const event = (kind, shape) => object({
	kind: literal(kind),
	session_id: id,
	directory,
	...shape
});
event("message.started", { message_id: id }), event("message.part.streamed", {
	message_id: id,
	delta: text
}), event("message.completed", {
	message_id: id,
	text
}), event("tool.executed", {
	tool: string(),
	title: string(),
	status: _enum([
		"running",
		"completed",
		"error"
	]),
	error: optional(string())
}), event("agent.milestone", { text }), event("session.active", {}), event("session.idle", {}), event("session.error", { error: string() }), event("todo.updated", {
	done: number(),
	total: number()
}), event("question.asked", {
	question_id: id,
	request: unknown()
}), event("permission.asked", {
	permission_id: id,
	request: unknown()
});
string().check(_regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/));
const errorFrame = object({
	type: literal("error"),
	request_id: optional(id),
	error: string()
});
[...replySchemas];
const fromServiceSchema = discriminatedUnion("type", [
	object({
		type: literal("welcome"),
		protocol: int(),
		resume_from: nullable(seq)
	}),
	object({
		type: literal("refused"),
		reason: string()
	}),
	object({
		type: literal("pong"),
		at: number()
	}),
	object({
		type: literal("resync.request"),
		after: seq
	}),
	errorFrame,
	...commandSchema.def.options
]);
function parseFrame(schema, data) {
	let value;
	try {
		value = JSON.parse(data);
	} catch {
		return {
			ok: false,
			error: "not JSON"
		};
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return {
		ok: true,
		frame: parsed.data
	};
	const request = object({ request_id: id }).safeParse(value);
	return {
		ok: false,
		error: prettifyError(parsed.error).slice(0, limits.error),
		...request.success ? { requestId: request.data.request_id } : {}
	};
}
function cut(value, max) {
	return value.length <= max ? value : `${value.slice(0, max - 1)}…`;
}
// agents/bridge/src/api.ts
const info = object({
	id: string(),
	title: string(),
	directory: nullish(string()),
	parentID: nullish(string())
});
const statuses = record(string(), object({ type: string() }));
const pending = array(looseObject({
	id: string(),
	sessionID: string()
}));
const messages = array(object({
	info: object({
		id: string(),
		role: _enum(["user", "assistant"]),
		parentID: nullish(string()),
		time: object({
			created: number(),
			completed: nullish(number())
		}),
		error: nullish(unknown()),
		finish: nullish(string())
	}),
	parts: array(object({
		id: string(),
		type: string(),
		text: nullish(string()),
		synthetic: nullish(boolean())
	}))
}));
const maxListed = 2e3;
const unattendedRules = [
	{
		permission: "external_directory",
		pattern: "*",
		action: "deny"
	},
	{
		permission: "doom_loop",
		pattern: "*",
		action: "deny"
	},
	{
		permission: "read",
		pattern: "*.env",
		action: "deny"
	},
	{
		permission: "read",
		pattern: "*.env.*",
		action: "deny"
	},
	{
		permission: "read",
		pattern: "*.env.example",
		action: "allow"
	}
];
function createApi(client) {
	async function call(method, url, directory, body, query = {}) {
		const { data, error, response } = await client._client.request({
			method,
			url,
			query: {
				directory,
				...query
			},
			...body === void 0 ? {} : {
				body,
				headers: { "content-type": "application/json" }
			}
		});
		if (response?.ok) return data;
		const said = typeof error === "string" ? error : JSON.stringify(error);
		throw new Error(cut(`${method} ${url}: ${response?.status ?? "no answer"} ${said}`, limits.error));
	}
	const session = (id) => `/session/${encodeURIComponent(id)}`;
	return {
		createSession: async (directory, title) => info.parse(await call("POST", "/session", directory, {
			title,
			permission: unattendedRules
		})).id,
		sessions: async (directory) => array(info).parse(await call("GET", "/session", directory)),
		allSessions: async (home) => {
			const { data, response } = await client._client.request({
				method: "GET",
				url: "/experimental/session",
				query: {
					roots: true,
					limit: maxListed
				},
				headers: { "x-opencode-directory": encodeURIComponent(home) }
			});
			return response?.ok ? array(info).parse(data) : [];
		},
		busy: async (directory) => Object.entries(statuses.parse(await call("GET", "/session/status", directory))).filter(([, { type }]) => type !== "idle").map(([id]) => id),
		messages: async (directory, id, limit) => messages.parse(await call("GET", `${session(id)}/message`, directory, void 0, { limit })),
		prompt: async (directory, id, body) => void await call("POST", `${session(id)}/prompt_async`, directory, body),
		abort: async (directory, id) => void await call("POST", `${session(id)}/abort`, directory, {}),
		fork: async (directory, id, title) => {
			const forked = info.parse(await call("POST", `${session(id)}/fork`, directory, {})).id;
			await call("PATCH", session(forked), directory, { title });
			return forked;
		},
		questions: async (directory) => pending.parse(await call("GET", "/question", directory)),
		permissions: async (directory) => pending.parse(await call("GET", "/permission", directory)),
		replyQuestion: async (directory, id, answers) => {
			const url = `/question/${encodeURIComponent(id)}`;
			if (answers === null) await call("POST", `${url}/reject`, directory, {});
			else await call("POST", `${url}/reply`, directory, { answers });
		},
		replyPermission: async (directory, id, body) => void await call("POST", `/permission/${encodeURIComponent(id)}/reply`, directory, body),
		disposeInstance: async (directory) => void await call("POST", "/instance/dispose", directory, {}),
		version: async (directory) => object({ version: string() }).parse(await call("GET", "/global/health", directory)).version,
		log: async (directory, level, message) => void await call("POST", "/log", directory, {
			service: "frontdesk-bridge",
			level,
			message
		})
	};
}
// agents/bridge/src/commands.ts
const messageIdShape = /^msg_[0-9a-f]{12}[0-9A-Za-z]{14}$/;
const lookBack = 200;
function partIdOf(messageId) {
	return `prt_${createHash("sha256").update(messageId).digest("hex").slice(0, 26)}`;
}
function textOf(parts) {
	return cut(parts.filter(({ type, synthetic }) => type === "text" && synthetic !== true).map(({ text }) => text ?? "").join("\n"), limits.message);
}
function isFinished({ time, error, finish }) {
	return typeof time.completed === "number" && (error ?? null) === null && finish !== "tool-calls";
}
function splitModel(model) {
	const at = model.indexOf("/");
	return {
		providerID: model.slice(0, at),
		modelID: model.slice(at + 1)
	};
}
function createCommands({ api, instances, home }) {
	const sending = new Map();
	async function send(command) {
		const { directory, session_id, message_id, text, agent, model } = command;
		const queued = (await api().busy(directory)).includes(session_id);
		const partId = partIdOf(message_id);
		const stored = await api().messages(directory, session_id, lookBack);
		const found = stored.find(({ parts }) => parts.some(({ id }) => id === partId));
		const answered = stored.some(({ info }) => found !== void 0 && info.parentID === found.info.id);
		if (found && (answered || queued)) return queued;
		const messageID = found?.info.id ?? (messageIdShape.test(message_id) ? message_id : void 0);
		await api().prompt(directory, session_id, {
			...messageID === void 0 ? {} : { messageID },
			agent,
			model: splitModel(model),
			parts: [{
				id: partId,
				type: "text",
				text
			}]
		});
		return queued;
	}
	async function inTurn(sessionId, work) {
		const now = (sending.get(sessionId) ?? Promise.resolve()).then(work, work);
		sending.set(sessionId, now);
		try {
			return await now;
		} finally {
			if (sending.get(sessionId) === now) sending.delete(sessionId);
		}
	}
	async function abort(directory, sessionId) {
		await api().abort(directory, sessionId);
		const ofSession = ({ sessionID }) => sessionID === sessionId;
		for (const { id } of (await api().permissions(directory)).filter(ofSession)) await api().replyPermission(directory, id, { reply: "reject" }).catch(() => {});
		for (const { id } of (await api().questions(directory)).filter(ofSession)) await api().replyQuestion(directory, id, null).catch(() => {});
	}
	async function find(directory) {
		if (!instances.has(directory)) {
			const sessions = (await api().allSessions(home)).filter((session) => session.directory === directory);
			if (sessions.length > 0) return {
				sessions,
				busy: []
			};
		}
		const [sessions, busy] = await Promise.all([api().sessions(directory), api().busy(directory)]);
		return {
			sessions,
			busy
		};
	}
	async function list(directory) {
		const { sessions, busy } = await find(directory);
		return sessions.filter(({ parentID }) => parentID === void 0 || parentID === null).map(({ id, title }) => ({
			session_id: id,
			title: cut(title, limits.title),
			busy: busy.includes(id)
		}));
	}
	async function run(command) {
		const { request_id, directory } = command;
		switch (command.type) {
			case "session.create": return {
				type: "session.created",
				request_id,
				session_id: await api().createSession(directory, command.title)
			};
			case "session.message": return {
				type: "session.message.sent",
				request_id,
				queued: await inTurn(command.session_id, () => send(command))
			};
			case "session.list": return {
				type: "session.list",
				request_id,
				sessions: await list(directory)
			};
			case "session.abort":
				await abort(directory, command.session_id);
				return {
					type: "session.aborted",
					request_id
				};
			case "session.messages": {
				const through = instances.has(directory) ? directory : home;
				return {
					type: "session.messages",
					request_id,
					messages: (await api().messages(through, command.session_id, command.limit)).map(({ info, parts }) => ({
						id: info.id,
						role: info.role,
						text: textOf(parts),
						at: info.time.created,
						...info.role === "assistant" ? { finished: isFinished(info) } : {}
					}))
				};
			}
			case "session.fork": return {
				type: "session.forked",
				request_id,
				session_id: await api().fork(directory, command.session_id, command.title)
			};
			case "question.reply":
				await api().replyQuestion(directory, command.question_id, command.answers);
				return {
					type: "question.replied",
					request_id
				};
			case "permission.reply": {
				const { reply, message } = command;
				await api().replyPermission(directory, command.permission_id, {
					reply,
					...message === void 0 ? {} : { message }
				});
				return {
					type: "permission.replied",
					request_id
				};
			}
			case "instance.release": return {
				type: "instance.released",
				request_id,
				released: await instances.release(directory)
			};
		}
	}
	return async (command) => {
		try {
			if (command.type === "instance.release") return await run(command);
			return await instances.hold(command.directory, () => run(command));
		} catch (error) {
			const text = error instanceof Error ? error.message : String(error);
			return {
				type: "session.error",
				request_id: command.request_id,
				error: cut(text, limits.error)
			};
		}
	};
}
// agents/bridge/src/opencode-events.ts
const sessionInfo = object({ info: object({
	id: string(),
	parentID: nullish(string())
}) });
const messageInfo = object({ info: object({
	id: string(),
	sessionID: string(),
	role: string(),
	time: object({ completed: nullish(number()) })
}) });
const partInfo = object({ part: object({
	id: string(),
	messageID: string(),
	sessionID: string(),
	type: string(),
	text: nullish(string()),
	tool: nullish(string()),
	state: nullish(object({
		status: string(),
		title: nullish(string()),
		error: nullish(string()),
		input: nullish(record(string(), unknown()))
	}))
}) });
const partDelta = object({
	sessionID: string(),
	messageID: string(),
	partID: string(),
	field: string(),
	delta: string()
});
const status = object({
	sessionID: string(),
	status: object({ type: string() })
});
const ofSession = object({ sessionID: string() });
const failure = object({
	sessionID: string(),
	error: object({
		name: string(),
		data: nullish(object({ message: nullish(string()) }))
	})
});
const todos = object({
	sessionID: string(),
	todos: array(object({ status: string() }))
});
const asked = looseObject({
	id: string(),
	sessionID: string()
});
// agents/bridge/src/tool-title.ts
const telling = [
	"filePath",
	"path",
	"command",
	"pattern",
	"url",
	"description",
	"query",
	"text"
];
function toolTitle(title, input) {
	if (title) return title;
	for (const key of telling) {
		const value = input[key];
		if (typeof value === "string" && value !== "") return value;
	}
	return "";
}
function describeToolError(error) {
	return error.startsWith("The user has specified a rule which prevents") ? "Permission denied" : error;
}
// agents/bridge/src/events.ts
const toolStatuses = [
	"running",
	"completed",
	"error"
];
const maxKept = 500;
function keepBounded(map) {
	for (const oldest of map.keys()) {
		if (map.size <= maxKept) return;
		map.delete(oldest);
	}
}
function boundRequest(request) {
	const json = JSON.stringify(request);
	if (json.length <= limits.request) return request;
	const shorten = (_, value) => typeof value === "string" ? cut(value, 4e3) : value;
	const shorter = JSON.stringify(request, shorten);
	return shorter.length <= limits.request ? JSON.parse(shorter) : { tooLarge: cut(json, 4e3) };
}
function createEventMapper() {
	const parents = new Map();
	const active = new Set();
	const answers = new Map();
	const tools = new Map();
	function rootOf(sessionId) {
		let id = sessionId;
		for (let depth = 0; depth < 10; depth++) id = parents.get(id) ?? id;
		return id;
	}
	const isRoot = (sessionId) => !parents.has(sessionId);
	function onMessage(directory, properties) {
		const info = messageInfo.safeParse(properties).data?.info;
		if (!info || info.role !== "assistant" || !isRoot(info.sessionID)) return [];
		const event = {
			session_id: info.sessionID,
			directory,
			message_id: info.id
		};
		const answer = answers.get(info.id);
		if (info.time.completed) {
			answers.delete(info.id);
			if (!answer) return [];
			const text = cut([...answer.texts.values()].join("\n").trim(), limits.text);
			return [{
				kind: "message.completed",
				...event,
				text
			}];
		}
		if (answer) return [];
		answers.set(info.id, {
			directory,
			sessionId: info.sessionID,
			texts: new Map(),
			grown: ""
		});
		keepBounded(answers);
		return [{
			kind: "message.started",
			...event
		}];
	}
	function onPart(directory, properties) {
		const part = partInfo.safeParse(properties).data?.part;
		if (part?.type === "text") answers.get(part.messageID)?.texts.set(part.id, part.text ?? "");
		const state = part?.state;
		if (part?.type !== "tool" || !part.tool || part.tool === "milestone" || !state) return [];
		const status = toolStatuses.find((known) => known === state.status);
		if (!status || tools.get(part.id) === status) return [];
		tools.set(part.id, status);
		keepBounded(tools);
		return [{
			kind: "tool.executed",
			session_id: rootOf(part.sessionID),
			directory,
			tool: part.tool,
			title: cut(toolTitle(state.title, state.input ?? {}), limits.title),
			status,
			...state.error ? { error: cut(describeToolError(state.error), limits.error) } : {}
		}];
	}
	function onDelta(properties) {
		const delta = partDelta.safeParse(properties).data;
		const answer = delta && answers.get(delta.messageID);
		if (!answer || delta.field !== "text" || !answer.texts.has(delta.partID)) return;
		answer.grown = cut(answer.grown + delta.delta, limits.text);
	}
	function onStatus(directory, properties) {
		const parsed = status.safeParse(properties).data;
		if (!parsed || !isRoot(parsed.sessionID) || parsed.status.type === "idle") return [];
		if (active.has(parsed.sessionID)) return [];
		active.add(parsed.sessionID);
		return [{
			kind: "session.active",
			session_id: parsed.sessionID,
			directory
		}];
	}
	function onIdle(directory, properties) {
		const sessionId = ofSession.safeParse(properties).data?.sessionID;
		if (sessionId === void 0 || !isRoot(sessionId)) return [];
		active.delete(sessionId);
		return [{
			kind: "session.idle",
			session_id: sessionId,
			directory
		}];
	}
	function onError(directory, properties) {
		const parsed = failure.safeParse(properties).data;
		if (!parsed || !isRoot(parsed.sessionID) || parsed.error.name === "MessageAbortedError") return [];
		const error = cut(parsed.error.data?.message ?? parsed.error.name, limits.error);
		return [{
			kind: "session.error",
			session_id: parsed.sessionID,
			directory,
			error
		}];
	}
	function onTodos(directory, properties) {
		const parsed = todos.safeParse(properties).data;
		if (!parsed || !isRoot(parsed.sessionID)) return [];
		const done = parsed.todos.filter((todo) => todo.status === "completed").length;
		return [{
			kind: "todo.updated",
			session_id: parsed.sessionID,
			directory,
			done,
			total: parsed.todos.length
		}];
	}
	function mapOne(directory, { type, properties }) {
		switch (type) {
			case "session.created":
			case "session.updated": {
				const info = sessionInfo.safeParse(properties).data?.info;
				if (info?.parentID) parents.set(info.id, info.parentID);
				keepBounded(parents);
				return [];
			}
			case "message.updated": return onMessage(directory, properties);
			case "message.part.updated": return onPart(directory, properties);
			case "message.part.delta":
				onDelta(properties);
				return [];
			case "session.status": return onStatus(directory, properties);
			case "session.idle": return onIdle(directory, properties);
			case "session.error": return onError(directory, properties);
			case "todo.updated": return onTodos(directory, properties);
			case "question.asked":
			case "permission.asked": {
				const request = asked.safeParse(properties).data;
				return request ? [askOf(type, directory, request, rootOf)] : [];
			}
			default: return [];
		}
	}
	return {
		rootOf,
		map(directory, event) {
			try {
				return mapOne(directory, event);
			} catch {
				return [];
			}
		},
		streamed: () => [...answers].flatMap(([message_id, answer]) => {
			if (answer.grown === "") return [];
			const { directory, sessionId: session_id, grown: delta } = answer;
			answer.grown = "";
			return [{
				kind: "message.part.streamed",
				session_id,
				directory,
				message_id,
				delta
			}];
		})
	};
}
function askOf(type, directory, request, rootOf) {
	const shared = {
		session_id: rootOf(request.sessionID),
		directory,
		request: boundRequest(request)
	};
	return type === "question.asked" ? {
		kind: type,
		question_id: request.id,
		...shared
	} : {
		kind: type,
		permission_id: request.id,
		...shared
	};
}
// agents/bridge/src/instances.ts
const settleMs = 2e3;
function createInstances({ api, home, now }) {
	const known = new Map();
	const get = (directory) => {
		const instance = known.get(directory) ?? {
			made: false,
			users: 0,
			touchedAt: now(),
			ending: void 0
		};
		known.set(directory, instance);
		return instance;
	};
	async function end(directory, instance) {
		const lists = await Promise.all([
			api().busy(directory),
			api().questions(directory),
			api().permissions(directory)
		]);
		if (instance.users > 0 || lists.some(({ length }) => length > 0)) return false;
		await api().disposeInstance(directory);
		known.delete(directory);
		return true;
	}
	async function release(directory) {
		const instance = known.get(directory);
		if (!instance?.made || directory === home) return false;
		if (instance.ending) return instance.ending;
		if (instance.users > 0 || now() - instance.touchedAt < settleMs) return false;
		instance.ending = end(directory, instance).finally(() => instance.ending = void 0);
		return instance.ending;
	}
	return {
		opened(directory) {
			const instance = get(directory);
			instance.made = true;
			instance.touchedAt = now();
		},
		closed: (directory) => void known.delete(directory),
		touch: (directory) => {
			const instance = known.get(directory);
			if (instance) instance.touchedAt = now();
		},
		async hold(directory, work) {
			await known.get(directory)?.ending?.catch(() => false);
			const instance = get(directory);
			instance.users += 1;
			try {
				return await work();
			} finally {
				instance.users -= 1;
				instance.touchedAt = now();
				if (!instance.made && instance.users === 0) known.delete(directory);
			}
		},
		release,
		has: (directory) => known.get(directory)?.made === true,
		async sweep(idleMs) {
			const idle = [...known].filter(([, { touchedAt }]) => now() - touchedAt > idleMs);
			for (const [directory] of idle) await release(directory);
		},
		all: () => [...known].filter(([, { made }]) => made).map(([directory]) => directory)
	};
}
// agents/bridge/src/link.ts
const fullAt = 1e6;
const open = 1;
const backoffMs = (attempt) => Math.min(1e3 * 2 ** Math.min(attempt, 5), 3e4);
function createLink(options) {
	const { ring, say, now, run, backoffMs: waitMs = backoffMs } = options;
	let socket;
	let welcome = false;
	let sent = 0;
	let resyncing = false;
	let attempt = 0;
	let heardAt = 0;
	let latency;
	let refused;
	let closed = false;
	let retry;
	const send = (frame) => {
		if (socket?.readyState === open) socket.send(JSON.stringify(frame));
	};
	async function resync() {
		if (resyncing) return;
		resyncing = true;
		const own = socket;
		try {
			const seq = ring.head;
			const standing = await options.snapshot();
			if (own !== socket || !welcome) return;
			sent = seq;
			send({
				type: "resync",
				seq,
				...standing
			});
		} catch (error) {
			say("warn", `resync failed: ${String(error)}`);
			own?.close();
		} finally {
			resyncing = false;
		}
		pump();
	}
	function pump() {
		if (!welcome || resyncing || !socket) return;
		while (sent < ring.head && socket.bufferedAmount < fullAt) {
			const json = ring.frame(sent + 1);
			if (json === void 0) return void resync();
			socket.send(json);
			sent += 1;
		}
	}
	function take(frame) {
		switch (frame.type) {
			case "welcome":
				welcome = true;
				attempt = 0;
				refused = void 0;
				say("info", `connected, resuming from ${frame.resume_from ?? "now"}`);
				if (frame.resume_from !== null) sent = Math.min(frame.resume_from, ring.head);
				pump();
				if (frame.resume_from === null) resync();
				return;
			case "refused":
				refused = frame.reason;
				return say("error", `refused: ${frame.reason}`);
			case "pong":
				latency = now() - frame.at;
				return say("debug", `latency ${latency} ms`);
			case "resync.request":
				sent = Math.min(frame.after, ring.head);
				return pump();
			case "error": return say("warn", `the service did not understand: ${frame.error}`);
			default: run(frame).then(send);
		}
	}
	function receive(data) {
		heardAt = now();
		const parsed = parseFrame(fromServiceSchema, String(data));
		if (parsed.ok) return take(parsed.frame);
		say("warn", `bad frame: ${parsed.error}`);
		const { error, requestId } = parsed;
		send(requestId === void 0 ? {
			type: "error",
			error
		} : {
			type: "session.error",
			request_id: requestId,
			error
		});
	}
	function lost(own, why) {
		if (own !== socket) return;
		socket = void 0;
		welcome = false;
		if (closed) return;
		const delay = refused === void 0 ? waitMs(attempt++) : waitMs(30);
		say("warn", `disconnected (${why}), dialling again in ${delay / 1e3} s`);
		retry = setTimeout(connect, delay);
		unref(retry);
	}
	function connect() {
		if (closed) return;
		let own;
		try {
			own = options.dial();
		} catch (error) {
			say("error", `cannot dial: ${String(error)}`);
			retry = setTimeout(connect, waitMs(attempt++));
			return unref(retry);
		}
		socket = own;
		heardAt = now();
		own.addEventListener("open", () => {
			options.hello().then((hello) => {
				if (own === socket) send({
					type: "hello",
					protocol: 1,
					seq: ring.head,
					...hello
				});
			});
		});
		own.addEventListener("message", ({ data }) => {
			if (own === socket) receive(data);
		});
		own.addEventListener("error", () => {});
		own.addEventListener("close", ({ code, reason }) => lost(own, `${code} ${reason}`.trim()));
	}
	const heartbeat = setInterval(() => {
		if (!socket) return;
		if (now() - heardAt > 4e4) {
			const dead = socket;
			dead.close();
			return lost(dead, "nothing heard");
		}
		if (welcome) send({
			type: "ping",
			at: now(),
			...latency === void 0 ? {} : { latency_ms: latency }
		});
	}, pingMs);
	const drain = setInterval(pump, 500);
	unref(heartbeat);
	unref(drain);
	connect();
	return {
		pump,
		close() {
			closed = true;
			clearInterval(heartbeat);
			clearInterval(drain);
			clearTimeout(retry);
			socket?.close();
		}
	};
}
function unref(timer) {
	timer.unref();
}
// agents/bridge/src/ring.ts
const defaultLimits = {
	events: 2e3,
	size: 2e6
};
function createRing(now, limits = defaultLimits) {
	const kept = [];
	let head = 0;
	let size = 0;
	return {
		get head() {
			return head;
		},
		push(event) {
			head += 1;
			const frame = {
				type: "event",
				seq: head,
				at: now(),
				event
			};
			const json = JSON.stringify(frame);
			kept.push({
				seq: head,
				json
			});
			size += json.length;
			while (kept.length > limits.events || size > limits.size && kept.length > 1) size -= kept.shift()?.json.length ?? 0;
		},
		frame: (seq) => kept[seq - (kept[0]?.seq ?? 0)]?.json
	};
}
// agents/bridge/src/bridge.ts
const versionMs = 3e3;
const streamMs = 500;
const sweepMs = 3e4;
function createBridge({ settings, client, instance, home, dial, now }) {
	let api = createApi(client);
	const ring = createRing(now);
	const mapper = createEventMapper();
	const instances = createInstances({
		api: () => api,
		home,
		now
	});
	const say = (level, message) => void api.log(home, level, message).catch(() => {});
	const rootOf = (sessionId) => mapper.rootOf(sessionId);
	async function snapshot() {
		const busy = [];
		const waiting = [];
		for (const directory of instances.all()) {
			const [ids, questions, permissions] = await Promise.all([
				api.busy(directory),
				api.questions(directory),
				api.permissions(directory)
			]);
			const roots = new Set(ids.map(rootOf));
			busy.push(...[...roots].map((session_id) => ({
				session_id,
				directory
			})));
			waiting.push(...questions.map((request) => askOf("question.asked", directory, request, rootOf)), ...permissions.map((request) => askOf("permission.asked", directory, request, rootOf)));
		}
		return {
			busy,
			waiting
		};
	}
	async function version() {
		const late = Promise.withResolvers();
		const timer = setTimeout(() => late.resolve("unknown"), versionMs);
		const told = await Promise.race([api.version(home).catch(() => "unknown"), late.promise]);
		clearTimeout(timer);
		return told;
	}
	const { host, roots, idleMinutes } = settings;
	const link = createLink({
		dial,
		hello: async () => ({
			host,
			instance,
			opencode: await version(),
			roots
		}),
		ring,
		run: createCommands({
			api: () => api,
			instances,
			home
		}),
		snapshot,
		say,
		now
	});
	const push = (events) => {
		for (const event of events) ring.push(event);
		if (events.length > 0) link.pump();
	};
	setInterval(() => push(mapper.streamed()), streamMs).unref();
	if (idleMinutes > 0) {
		const idleMs = idleMinutes * 6e4;
		setInterval(() => void instances.sweep(idleMs).catch((error) => say("warn", `releasing failed: ${String(error)}`)), Math.min(sweepMs, idleMs)).unref();
	}
	return {
		opened(directory, latest) {
			api = createApi(latest);
			instances.opened(directory);
		},
		closed: (directory) => instances.closed(directory),
		event(directory, event) {
			const events = mapper.map(directory, event);
			if (events.length > 0) instances.touch(directory);
			push(events);
		},
		milestone(directory, sessionId, text) {
			push([{
				kind: "agent.milestone",
				session_id: mapper.rootOf(sessionId),
				directory,
				text
			}]);
		}
	};
}
// agents/bridge/src/settings.ts
const settings = object({
	url: string().check(_regex(/^(http|ws)s?:\/\/[^/]+/)),
	token: string().check(_minLength(1)),
	host: string().check(_regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)),
	roots: array(string().check(_startsWith("/"))).check(_minLength(1)),
	idleMinutes: number().check(_nonnegative())
});
function readSettings(options, env, cwd) {
	const given = record(string(), unknown()).safeParse(options).data ?? {};
	const parsed = settings.safeParse({
		url: given["url"] ?? env["FRONTDESK_URL"],
		token: given["token"] ?? env["FRONTDESK_BRIDGE_TOKEN"],
		host: given["host"] ?? env["FRONTDESK_HOST_NAME"] ?? hostname().replaceAll(/[^A-Za-z0-9._-]/g, "-"),
		roots: given["roots"] ?? env["FRONTDESK_ROOTS"]?.split(":").filter(Boolean) ?? [cwd],
		idleMinutes: given["idleMinutes"] ?? Number(env["FRONTDESK_IDLE_MINUTES"] ?? 0)
	});
	if (parsed.success) return parsed.data;
	return { off: `Set FRONTDESK_URL and FRONTDESK_BRIDGE_TOKEN, or the plugin's options: ${parsed.error.issues.map(({ path, message }) => `${path.join(".")} (${message})`).join(", ")}` };
}
function bridgeUrl(url) {
	return `${url.replace(/^http/, "ws").replace(/\/+$/, "")}/ws/bridge`;
}
// agents/bridge/src/main.ts
let bridge;
const milestoneText = string().check(_minLength(1), _maxLength(limits.title));
function start(client, options) {
	const settings = readSettings(options, process.env, process.cwd());
	if ("off" in settings) {
		const message = `bridge is off. ${settings.off}`;
		createApi(client).log(process.cwd(), "warn", message).catch(() => {});
		return;
	}
	const headers = { authorization: `Bearer ${settings.token}` };
	const Dial = WebSocket;
	return createBridge({
		settings,
		client,
		instance: randomUUID(),
		home: process.cwd(),
		dial: () => new Dial(bridgeUrl(settings.url), { headers }),
		now: Date.now
	});
}
async function server({ client, directory }, options) {
	bridge ??= start(client, options);
	const own = bridge;
	if (!own) return {};
	own.opened(directory, client);
	return {
		event: async ({ event }) => own.event(directory, event),
		dispose: async () => own.closed(directory),
		"shell.env": async (_, output) => {
			for (const name of Object.keys(process.env)) if (/^(OPENCODE|FRONTDESK)_/.test(name)) output.env[name] = "";
		},
		tool: { milestone: {
			description: "Tells the people who wait for this work that a milestone is reached: a phase done, a decision made, all tests passing. One short line in plain words, such as \"Login API works, 12 tests passing\". Call it when something worth telling is finished, not for each step.",
			args: { text: milestoneText },
			async execute(args, context) {
				const text = cut(String(args.text).trim(), limits.title);
				if (text === "") return "Say in `text` what was reached.";
				own.milestone(directory, context.sessionID, text);
				return "Told.";
			}
		} }
	};
}
var main_default = {
	id: "frontdesk-bridge",
	server
};
export { main_default as default };
