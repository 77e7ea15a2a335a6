"""Writes the .pth files of this folder and expected.json: python3 make_fixtures.py (needs torch; Debian: python3-torch)."""
import collections
import io
import json
import os
import zipfile

import torch

torch.manual_seed(7)
HERE = os.path.dirname(os.path.abspath(__file__))
MANIFEST = os.path.join(HERE, '..', 'rtmdet', 'rtmdet_nano_8xb32_300e_coco.manifest.json')
expected = {}


def save(name, value, remember=None, **how):
    torch.save(value, os.path.join(HERE, name), **how)
    if remember is not None:
        expected[name] = {
            key: {'shape': list(tensor.shape), 'values': [float(v) for v in tensor.detach().double().flatten()[:3]], 'sum': float(tensor.detach().double().sum())}
            for key, tensor in remember.items()}


def backbone():
    """The backbone of nano with an eighth of its channels (model.widen = 0.03125)."""
    state = collections.OrderedDict()
    for entry in json.load(open(MANIFEST))['state_dict']:
        name, shape = entry['name'], entry['shape']
        if not name.startswith('backbone.'):
            continue
        if len(shape) == 4:
            shape = [shape[0] // 8, shape[1] if shape[1] in (1, 3) else shape[1] // 8] + shape[2:]
        else:
            shape = [extent // 8 for extent in shape]
        if name.endswith('num_batches_tracked'):
            state[name] = torch.tensor(11)
        elif name.endswith('running_var') or name.endswith('bn.weight'):
            state[name] = torch.rand(shape) + 0.5
        else:
            state[name] = torch.randn(shape) * 0.1
    return state


def formats():
    """Every way in which a tensor can lie in its storage, and every type."""
    shared = torch.arange(24, dtype=torch.float32)
    return collections.OrderedDict([
        ('whole', torch.randn(2, 3, 4)),
        ('transposed', torch.arange(6, dtype=torch.float32).reshape(2, 3).t()),
        ('channels_last', torch.arange(48, dtype=torch.float32).reshape(2, 3, 2, 4).to(memory_format=torch.channels_last)),
        ('part', shared[6:12].reshape(2, 3)),
        ('every_other', shared[1::2]),
        ('parameter', torch.nn.Parameter(torch.tensor([1.5, -2.5]))),
        ('half', torch.tensor([0.5, 65504.0, -6e-8]).half()),
        ('bfloat16', torch.tensor([1.0, 3.140625, -1e30]).bfloat16()),
        ('double', torch.tensor([1 / 3, 1e300]).double().clamp(max=1e30)),
        ('long', torch.tensor([-1, 2 ** 40])),
        ('scalar', torch.tensor(5)),
        ('empty', torch.zeros(0, 3)),
    ])


class Runs:
    """A pickle of this calls a function when it is loaded."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


if __name__ == '__main__':
    state = backbone()
    save('backbone.pth', {'meta': {'epoch': 3, 'dataset': ('coco', None, True), 'lr': 0.5, 'long': 2 ** 80}, 'state_dict': state}, remember=state)
    tensors = formats()
    save('formats.pth', {'ema_state_dict': tensors, 'optimizer': {'state': {0: {'step': 1}}, 'param_groups': [{'params': [0, 1]}]}}, remember=tensors)
    save('protocol4.pth', tensors, remember=tensors, pickle_protocol=4)
    save('system.pth', {'state_dict': {'w': torch.ones(1), 'x': Runs(os.system, 'touch sscma-was-here')}})
    save('eval.pth', {'w': torch.ones(1), 'x': Runs(eval, "open('sscma-was-here', 'w')")}, pickle_protocol=4)
    save('legacy.pth', {'w': torch.ones(1)}, _use_new_zipfile_serialization=False)
    save('module.pth', torch.nn.Linear(2, 2))
    plain = io.BytesIO()
    torch.save({'w': torch.ones(4)}, plain)
    with zipfile.ZipFile(os.path.join(HERE, 'compressed.pth'), 'w', zipfile.ZIP_DEFLATED) as target:
        source = zipfile.ZipFile(plain)
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    with open(os.path.join(HERE, 'expected.json'), 'w') as file:
        json.dump(expected, file, separators=(",", ":"))
        file.write('\n')
